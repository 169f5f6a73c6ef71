/**
 * Whom the API answers what: by name and password, by application token, and by the session of a browser. What is asked for is of a team
 * to which the viewer, the contributor, the owner and the robot belong; the account in question is another's.
 */
import type {Tables} from './compare.ts';

export const apiTables: Tables = {
  api: {
    Basic: `
                          nobody  stranger viewer  contributor owner   admin   disabled robot   reader  narrow  foreign
GET api-ping              200     200      200     200         200     200     200      200     200     200     200
GET api-version           account 200      200     200         200     200     account  200     200     200     200
GET api-health            200     200      200     200         200     200     200      200     200     200     200
POST setup                off     off      off     off         off     off     off      off     off     off     off
GET session               200     200      200     200         200     200     200      200     200     200     200
POST session-begin        invalid invalid  invalid invalid     invalid invalid invalid  invalid invalid invalid invalid
DELETE session-end        204     204      204     204         204     204     204      204     204     204     204
GET users-list            account denied   denied  denied      denied  200     account  denied  denied  denied  denied
GET users-show            account 200      200     200         200     200     account  200     200     denied  200
POST users-create         off     denied   denied  denied      denied  201     account  denied  denied  denied  denied
PUT users-update          account denied   denied  denied      denied  200     account  denied  denied  denied  denied
DELETE users-delete       account denied   denied  denied      denied  204     account  denied  denied  denied  denied
POST users-bootstrap      off     off      off     off         off     off     account  off     denied  denied  denied
GET tokens-list           account denied   denied  denied      denied  200     account  denied  denied  denied  denied
POST tokens-create        account denied   denied  denied      denied  201     account  denied  denied  denied  denied
DELETE tokens-delete      account unknown  unknown unknown     unknown 204     account  denied  denied  denied  denied
GET teams-list            account 200      200     200         200     200     account  200     200     denied  200
POST teams-create         account 201      201     201         201     201     account  denied  denied  denied  denied
GET teams-show            account unknown  200     200         200     200     account  200     200     denied  200
PUT teams-update          account unknown  denied  denied      200     200     account  denied  denied  denied  denied
DELETE teams-delete       account unknown  denied  denied      204     204     account  denied  denied  denied  denied
POST teams-ldap-check     account unknown  denied  denied      200     200     account  denied  denied  denied  denied
GET members-list          account unknown  200     200         200     200     account  200     200     denied  200
POST members-add          account unknown  denied  denied      201     201     account  denied  denied  denied  denied
GET members-show          account unknown  200     200         200     200     account  200     200     denied  200
PUT members-update        account unknown  denied  denied      200     200     account  denied  denied  denied  denied
DELETE members-remove     account unknown  denied  denied      204     204     account  denied  denied  denied  denied
GET namespaces-list       account 200      200     200         200     200     account  200     200     200     200
GET team-namespaces       account unknown  200     200         200     200     account  200     200     denied  200
GET namespaces-validate   account 200      200     200         200     200     account  200     200     denied  200
POST namespaces-create    account unknown  denied  denied      201     201     account  denied  denied  denied  denied
GET namespaces-show       account unknown  200     200         200     200     account  200     200     200     200
PUT namespaces-update     account unknown  denied  denied      200     200     account  denied  denied  denied  denied
DELETE namespaces-delete  account unknown  denied  denied      204     204     account  denied  denied  denied  denied
GET robots-list           account 200      200     200         200     200     account  denied  denied  denied  200
POST robots-create        account unknown  denied  denied      201     201     account  denied  denied  denied  denied
GET robots-show           account unknown  200     200         200     200     account  denied  denied  denied  200
DELETE robots-delete      account unknown  denied  denied      204     204     account  denied  denied  denied  denied
GET registries-list       account denied   denied  denied      denied  200     account  denied  denied  denied  denied
GET registries-show       account denied   denied  denied      denied  200     account  denied  denied  denied  denied
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
GET tags-list-all           200     200      200     200         200     200     account  200     200     200     200
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
GET repository-days         unknown unknown  200     200         200     200     account  200     200     200     200
GET api-openapi           200     200      200     200         200     200     200      200     200     200     200
GET api-docs              200     200      200     200         200     200     200      200     200     200     200
`,
  },
};
