/** Whom the API answers what: by name and password, by application token, and by the session of a browser. */
import type {Tables} from './compare.ts';

export const apiTables: Tables = {
  api: {
    Basic: `
                        nobody  stranger viewer contributor owner admin disabled robot reader narrow foreign
POST setup              off     off      off     off         off   off   off     off   off    off    off
POST sign-up            off     off      off     off         off   off   off     off   off    off    off
GET session             200     200      200     200         200   200   200     200   200    200    200
POST session            invalid invalid  invalid invalid     invalid invalid invalid invalid invalid invalid invalid
DELETE session          204     204      204     204         204   204   204     204   204    204    204
GET api-ping            200     200      200     200         200   200   200     200   200    200    200
GET api-version         account 200      200     200         200   200   account 200   200    200    200
GET users-list          account denied   denied  denied      denied 200  account denied denied denied denied
GET users-show          account 200      200     200         200   200   account 200   200    denied 200
GET api-openapi         200     200      200     200         200   200   200     200   200    200    200
`,
  },
};
