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
GET repositories-list       200     200      200     200         200     200     account  200     200     200     200
GET repositories-show       unknown unknown  200     200         200     200     account  200     200     200     200
PUT repositories-update     account unknown  denied  200         200     200     account  200     denied  200     denied
DELETE repositories-delete  account unknown  denied  denied      204     204     account  denied  denied  204     denied
PUT stars-add               account unknown  200     200         200     200     account  denied  denied  denied  denied
DELETE stars-remove         account unknown  200     200         200     200     account  denied  denied  denied  denied
GET comments-list           unknown unknown  200     200         200     200     account  200     200     200     200
POST comments-create        account unknown  201     201         201     201     account  denied  denied  denied  denied
DELETE comments-delete      account unknown  unknown unknown     unknown unknown account  denied  denied  denied  denied
GET tags-list               unknown unknown  200     200         200     200     account  200     200     200     200
GET tags-grouped            unknown unknown  200     200         200     200     account  200     200     200     200
GET tags-show               unknown unknown  200     200         200     200     account  200     200     200     200
GET tag-show                unknown unknown  200     200         200     200     account  200     200     200     200
DELETE tags-delete          account unknown  denied  denied      204     204     account  denied  denied  204     denied
DELETE tag-delete           account unknown  denied  denied      204     204     account  denied  denied  204     denied
POST tags-delete-several    account unknown  denied  denied      200     200     account  denied  denied  200     denied
GET tag-history             unknown unknown  200     200         200     200     account  200     200     200     200
POST tag-restore            account unknown  denied  200         200     200     account  200     denied  200     denied
GET deleted-tags            unknown unknown  200     200         200     200     account  200     200     200     200
GET search                  200     200      200     200         200     200     account  200     200     200     200
GET statistics-storage      account 200      200     200         200     200     account  200     200     200     200
GET statistics-days         account denied   denied  denied      denied  200     account  denied  denied  denied  denied
GET api-openapi         200     200      200     200         200   200   200     200   200    200    200
`,
  },
};
