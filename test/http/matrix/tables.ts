/** Who is answered what. The words stand in words.ts, the callers in callers.ts, the API in api-tables.ts; HEAD is answered as GET. */
import type {Place, Way} from './callers.ts';

export const tables: Readonly<Record<Exclude<Place, 'api'>, Readonly<Record<Way, string>>>> = {
  /** With settings as they are by default, and an admin. */
  general: {
    Bearer: `
                       nobody stranger viewer contributor owner admin disabled robot reader puller
GET health             200    200      200    200         200   200   200      200   200    200
GET active             200    200      200    200         200   200   200      200   200    200
GET standby            503    503      503    503         503   503   503      503   503    503
GET readiness          200    200      200    200         200   200   200      200   200    200
GET home               200    200      200    200         200   200   200      200   200    200
GET token              basic  basic    basic  basic       basic basic basic    basic basic  basic
POST token             basic  200      200    200         200   200   basic    200   200    200
GET jwks               200    200      200    200         200   200   200      200   200    200
GET oidc-begin         nothing nothing nothing nothing nothing nothing nothing nothing nothing nothing
GET oidc-callback      nothing nothing nothing nothing nothing nothing nothing nothing nothing nothing
GET base               200    200      200    200         200   200   token    200   200    200
GET catalog            200    200      200    200         200   200   token    200   200    scope
`,
    Basic: `
                       nobody stranger viewer contributor owner admin disabled robot reader
GET health             200    200      200    200         200   200   200      200   200
GET active             200    200      200    200         200   200   200      200   200
GET standby            503    503      503    503         503   503   503      503   503
GET readiness          200    200      200    200         200   200   200      200   200
GET home               200    200      200    200         200   200   200      200   200
GET token              200    200      200    200         200   200   basic    200   200
POST token             bad    200      200    200         200   200   basic    200   200
GET jwks               200    200      200    200         200   200   200      200   200
GET oidc-begin         nothing nothing nothing nothing nothing nothing nothing nothing nothing
GET oidc-callback      nothing nothing nothing nothing nothing nothing nothing nothing nothing
GET base               login  200      200    200         200   200   login    200   200
GET catalog            login  200      200    200         200   200   login    200   200
`,
  },

  private: {
    Bearer: `
                       nobody stranger viewer contributor owner admin disabled robot reader puller
GET tags               scope  scope    200    200         200   200   token    200   200    200
GET referrers          scope  scope    200    200         200   200   token    200   200    200
POST upload-start      scope  scope    scope  202         202   202   token    202   scope  scope
GET upload-status      scope  scope    scope  204         204   204   token    204   scope  scope
PATCH upload-append    scope  scope    scope  202         202   202   token    202   scope  scope
PUT upload-finish      scope  scope    scope  201         201   201   token    201   scope  scope
DELETE upload-cancel   scope  scope    scope  204         204   204   token    204   scope  scope
GET blob               scope  scope    200    200         200   200   token    200   200    200
DELETE blob-delete     scope  scope    scope  scope       202   202   token    scope scope  scope
GET manifest           scope  scope    200    200         200   200   token    200   200    200
PUT manifest-put       scope  scope    scope  201         201   201   token    201   scope  scope
DELETE manifest-delete scope  scope    scope  scope       202   202   token    scope scope  scope
`,
    Basic: `
                       nobody stranger viewer contributor owner admin disabled robot  reader
GET tags               login  DENIED   200    200         200   200   login    200    200
GET referrers          login  DENIED   200    200         200   200   login    200    200
POST upload-start      login  DENIED   DENIED 202         202   202   login    202    DENIED
GET upload-status      login  DENIED   DENIED 204         204   204   login    204    DENIED
PATCH upload-append    login  DENIED   DENIED 202         202   202   login    202    DENIED
PUT upload-finish      login  DENIED   DENIED 201         201   201   login    201    DENIED
DELETE upload-cancel   login  DENIED   DENIED 204         204   204   login    204    DENIED
GET blob               login  DENIED   200    200         200   200   login    200    200
DELETE blob-delete     login  DENIED   DENIED DENIED      202   202   login    DENIED DENIED
GET manifest           login  DENIED   200    200         200   200   login    200    200
PUT manifest-put       login  DENIED   DENIED 201         201   201   login    201    DENIED
DELETE manifest-delete login  DENIED   DENIED DENIED      202   202   login    DENIED DENIED
`,
  },

  /** Whoever has an account may pull. */
  protected: {
    Bearer: `
                       nobody stranger viewer contributor owner admin disabled robot reader puller
GET tags               scope  200      200    200         200   200   token    200   200    200
GET referrers          scope  200      200    200         200   200   token    200   200    200
POST upload-start      scope  scope    scope  202         202   202   token    202   scope  scope
GET upload-status      scope  scope    scope  204         204   204   token    204   scope  scope
PATCH upload-append    scope  scope    scope  202         202   202   token    202   scope  scope
PUT upload-finish      scope  scope    scope  201         201   201   token    201   scope  scope
DELETE upload-cancel   scope  scope    scope  204         204   204   token    204   scope  scope
GET blob               scope  200      200    200         200   200   token    200   200    200
DELETE blob-delete     scope  scope    scope  scope       202   202   token    scope scope  scope
GET manifest           scope  200      200    200         200   200   token    200   200    200
PUT manifest-put       scope  scope    scope  201         201   201   token    201   scope  scope
DELETE manifest-delete scope  scope    scope  scope       202   202   token    scope scope  scope
`,
    Basic: `
                       nobody stranger viewer contributor owner admin disabled robot  reader
GET tags               login  200      200    200         200   200   login    200    200
GET referrers          login  200      200    200         200   200   login    200    200
POST upload-start      login  DENIED   DENIED 202         202   202   login    202    DENIED
GET upload-status      login  DENIED   DENIED 204         204   204   login    204    DENIED
PATCH upload-append    login  DENIED   DENIED 202         202   202   login    202    DENIED
PUT upload-finish      login  DENIED   DENIED 201         201   201   login    201    DENIED
DELETE upload-cancel   login  DENIED   DENIED 204         204   204   login    204    DENIED
GET blob               login  200      200    200         200   200   login    200    200
DELETE blob-delete     login  DENIED   DENIED DENIED      202   202   login    DENIED DENIED
GET manifest           login  200      200    200         200   200   login    200    200
PUT manifest-put       login  DENIED   DENIED 201         201   201   login    201    DENIED
DELETE manifest-delete login  DENIED   DENIED DENIED      202   202   login    DENIED DENIED
`,
  },

  /** Everybody may pull, with the token of an anonymous caller: who shows none is told to get one. */
  public: {
    Bearer: `
                       nobody stranger viewer contributor owner admin disabled robot reader puller
GET tags               200    200      200    200         200   200   token    200   200    200
GET referrers          200    200      200    200         200   200   token    200   200    200
POST upload-start      scope  scope    scope  202         202   202   token    202   scope  scope
GET upload-status      scope  scope    scope  204         204   204   token    204   scope  scope
PATCH upload-append    scope  scope    scope  202         202   202   token    202   scope  scope
PUT upload-finish      scope  scope    scope  201         201   201   token    201   scope  scope
DELETE upload-cancel   scope  scope    scope  204         204   204   token    204   scope  scope
GET blob               200    200      200    200         200   200   token    200   200    200
DELETE blob-delete     scope  scope    scope  scope       202   202   token    scope scope  scope
GET manifest           200    200      200    200         200   200   token    200   200    200
PUT manifest-put       scope  scope    scope  201         201   201   token    201   scope  scope
DELETE manifest-delete scope  scope    scope  scope       202   202   token    scope scope  scope
`,
    Basic: `
                       nobody stranger viewer contributor owner admin disabled robot  reader
GET tags               login  200      200    200         200   200   login    200    200
GET referrers          login  200      200    200         200   200   login    200    200
POST upload-start      login  DENIED   DENIED 202         202   202   login    202    DENIED
GET upload-status      login  DENIED   DENIED 204         204   204   login    204    DENIED
PATCH upload-append    login  DENIED   DENIED 202         202   202   login    202    DENIED
PUT upload-finish      login  DENIED   DENIED 201         201   201   login    201    DENIED
DELETE upload-cancel   login  DENIED   DENIED 204         204   204   login    204    DENIED
GET blob               login  200      200    200         200   200   login    200    200
DELETE blob-delete     login  DENIED   DENIED DENIED      202   202   login    DENIED DENIED
GET manifest           login  200      200    200         200   200   login    200    200
PUT manifest-put       login  DENIED   DENIED 201         201   201   login    201    DENIED
DELETE manifest-delete login  DENIED   DENIED DENIED      202   202   login    DENIED DENIED
`,
  },
};
