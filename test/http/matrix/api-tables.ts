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
GET connection            200     200      200     200         200     200     200      200     200     200     200
GET connection-ca         unknown unknown  unknown unknown     unknown unknown unknown  unknown unknown unknown unknown
POST setup                off     off      off     off         off     off     off      off     off     off     off
POST setup-claim          account off      off     off         off     off     account  denied  denied  denied  denied
GET session               200     200      200     200         200     200     200      200     200     200     200
POST session-begin        invalid invalid  invalid invalid     invalid invalid invalid  invalid invalid invalid invalid
POST sign-up              off     off      off     off         off     off     off      off     off     off     off
DELETE session-end        204     204      204     204         204     204     204      204     204     204     204
GET users-list            account denied   denied  denied      denied  200     account  denied  denied  denied  denied
GET users-names           account denied   denied  denied      200     200     account  denied  denied  denied  200
GET users-show            account 200      200     200         200     200     account  200     200     denied  200
POST users-create         off     denied   denied  denied      denied  201     account  denied  denied  denied  denied
PUT users-update          account denied   denied  denied      denied  200     account  denied  denied  denied  denied
DELETE users-delete       account denied   denied  denied      denied  204     account  denied  denied  denied  denied
DELETE users-unlock       account denied   denied  denied      denied  204     account  denied  denied  denied  denied
POST users-bootstrap      off     off      off     off         off     off     account  off     denied  denied  denied
GET tokens-list           account denied   denied  denied      denied  200     account  denied  denied  denied  denied
POST tokens-create        account denied   denied  denied      denied  201     account  denied  denied  denied  denied
DELETE tokens-delete      account unknown  unknown unknown     unknown 204     account  denied  denied  denied  denied
GET sessions-list         account denied   denied  denied      denied  200     account  denied  denied  denied  denied
DELETE sessions-end-all   account denied   denied  denied      denied  200     account  denied  denied  denied  denied
DELETE sessions-end       account denied   denied  denied      denied  204     account  denied  denied  denied  denied
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
GET namespace-delete-preview account unknown denied denied     200     200     account  denied  denied  denied  200
GET robots-list           account 200      200     200         200     200     account  denied  denied  denied  200
POST robots-create        account unknown  denied  denied      201     201     account  denied  denied  denied  denied
GET robots-show           account unknown  200     200         200     200     account  denied  denied  denied  200
PUT robots-update         account unknown  denied  denied      200     200     account  denied  denied  denied  denied
DELETE robots-delete      account unknown  denied  denied      204     204     account  denied  denied  denied  denied
GET webhooks-list         account unknown  denied  denied      200     200     account  denied  denied  denied  200
POST webhooks-create      account unknown  denied  denied      201     201     account  denied  denied  denied  denied
GET webhooks-show         account denied   denied  denied      200     200     account  denied  denied  denied  200
PUT webhooks-update       account denied   denied  denied      200     200     account  denied  denied  denied  denied
DELETE webhooks-delete    account denied   denied  denied      204     204     account  denied  denied  denied  denied
POST webhooks-test        account denied   denied  denied      202     202     account  denied  denied  denied  denied
GET deliveries-list       account denied   denied  denied      200     200     account  denied  denied  denied  200
GET deliveries-show       account denied   denied  denied      200     200     account  denied  denied  denied  200
POST deliveries-resend    account denied   denied  denied      202     202     account  denied  denied  denied  denied
GET certificates          account denied   denied  denied      denied  200     account  denied  denied  denied  denied
GET configuration         account denied   denied  denied      denied  off     account  denied  denied  denied  denied
GET index-show            account denied   denied  denied      denied  200     account  denied  denied  denied  denied
POST index-reindex        account denied   denied  denied      denied  400:bad-request account denied denied denied denied
GET node                  account denied   denied  denied      denied  200     account  denied  denied  denied  denied
POST ldap-test            account denied   denied  denied      denied  off     account  denied  denied  denied  denied
POST keystone-test        account denied   denied  denied      denied  off     account  denied  denied  denied  denied
POST oidc-test            account denied   denied  denied      denied  off     account  denied  denied  denied  denied
GET explain               account 200      200     200         200     200     account  denied  denied  denied  200
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
GET manifest-show           unknown unknown  200     200         200     200     account  200     200     200     200
GET manifest-raw            unknown unknown  200     200         200     200     account  200     200     200     200
GET manifest-configuration  unknown unknown  200     200         200     200     account  200     200     200     200
GET referrers-tree          unknown unknown  200     200         200     200     account  200     200     200     200
GET manifest-remove-preview account unknown  denied  denied      200     200     account  denied  denied  200     200
DELETE manifest-remove      account unknown  denied  denied      unknown unknown account  denied  denied  unknown denied
GET files-list              unknown unknown  200     200         200     200     account  200     200     200     200
GET file-show               unknown unknown  200     200         200     200     account  200     200     200     200
GET compare                 unknown unknown  200     200         200     200     account  200     200     200     200
GET compare-files           unknown unknown  200     200         200     200     account  200     200     200     200
POST tags-delete-preview    account unknown  denied  denied      200     200     account  denied  denied  200     denied
GET repository-delete-preview account unknown denied denied      200     200     account  denied  denied  200     200
GET search                  200     200      200     200         200     200     account  200     200     200     200
GET statistics-storage      account 200      200     200         200     200     account  200     200     200     200
GET statistics-days         account 200      200     200         200     200     account  200     200     200     200
GET repository-days         unknown unknown  200     200         200     200     account  200     200     200     200
GET events-live             200     200      200     200         200     200     account  200     200     200     200
GET events-past             200     200      200     200         200     200     account  200     200     200     200
GET activities-list         200     200      200     200         200     200     account  200     200     denied  200
GET activities-verification account denied   denied  denied      denied  200     account  denied  denied  denied  denied
GET api-openapi           200     200      200     200         200     200     200      200     200     200     200
GET api-docs              200     200      200     200         200     200     200      200     200     200     200
`,
  },
};
