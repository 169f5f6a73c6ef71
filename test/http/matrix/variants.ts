/** Settings that change rows of the tables, and the rows as they are then. */
import type {Settings} from '../../support/in-process.ts';
import type {Tables} from './compare.ts';

interface Variant {
  readonly settings: Settings;
  readonly tables: Tables;
}

export const variants: Readonly<Record<string, Variant>> = {
  'namespaces.contributorsDelete': {
    settings: {namespaces: {contributorsDelete: true}},
    tables: {
      private: {
        Bearer: `
                       nobody stranger viewer contributor owner admin disabled robot reader puller
DELETE upload-cancel   scope  scope    scope  204         204   204   token    204   scope  scope
DELETE blob-delete     scope  scope    scope  202         202   202   token    202   scope  scope
DELETE manifest-delete scope  scope    scope  202         202   202   token    202   scope  scope
`,
        Basic: `
                       nobody stranger viewer contributor owner admin disabled robot  reader
DELETE blob-delete     login  DENIED   DENIED 202         202   202   login    202    DENIED
DELETE manifest-delete login  DENIED   DENIED 202         202   202   login    202    DENIED
`,
      },
    },
  },

  /** The token of nobody is from the time before. */
  'auth.anonymous false': {
    settings: {auth: {anonymous: false}},
    tables: {
      general: {
        Bearer: `
                       nobody stranger viewer contributor owner admin disabled robot reader puller
GET health             200    200      200    200         200   200   200      200   200    200
GET jwks               200    200      200    200         200   200   200      200   200    200
GET base               token  200      200    200         200   200   token    200   200    200
GET catalog            token  200      200    200         200   200   token    200   200    scope
`,
        Basic: `
                       nobody stranger viewer contributor owner admin disabled robot reader
GET token              basic  200      200    200         200   200   basic    200   200
POST token             bad    200      200    200         200   200   basic    200   200
GET base               login  200      200    200         200   200   login    200   200
GET catalog            login  200      200    200         200   200   login    200   200
`,
      },
      public: {
        Bearer: `
                       nobody stranger viewer contributor owner admin disabled robot reader puller
GET tags               token  200      200    200         200   200   token    200   200    200
GET referrers          token  200      200    200         200   200   token    200   200    200
GET blob               token  200      200    200         200   200   token    200   200    200
GET manifest           token  200      200    200         200   200   token    200   200    200
POST upload-start      token  scope    scope  202         202   202   token    202   scope  scope
`,
        Basic: `
                       nobody stranger viewer contributor owner admin disabled robot  reader
GET tags               login  200      200    200         200   200   login    200    200
GET referrers          login  200      200    200         200   200   login    200    200
GET blob               login  200      200    200         200   200   login    200    200
GET manifest           login  200      200    200         200   200   login    200    200
POST upload-start      login  DENIED   DENIED 202         202   202   login    202    DENIED
`,
      },
    },
  },

  'auth.signUp': {
    settings: {auth: {signUp: true}},
    tables: {
      api: {
        Basic: `
                        nobody  stranger viewer  contributor owner   admin   disabled robot   reader  narrow  foreign
POST users-create       201     denied   denied  denied      denied  201     account  denied  denied  denied  denied
`,
      },
    },
  },

  /** Rights come first: only whoever might write is told that nobody does. */
  'maintenance.readonly': {
    settings: {maintenance: {readonly: true}},
    tables: {
      general: {
        Basic: `
                       nobody stranger viewer contributor owner admin disabled robot reader
GET token              200    200      200    200         200   200   basic    200   200
`,
      },
      private: {
        Bearer: `
                       nobody stranger viewer contributor owner admin disabled robot reader puller
GET tags               scope  scope    200    200         200   200   token    200   200    200
GET referrers          scope  scope    200    200         200   200   token    200   200    200
POST upload-start      scope  scope    scope  never       never never token    never scope  scope
GET upload-status      scope  scope    scope  204         204   204   token    204   scope  scope
PATCH upload-append    scope  scope    scope  never       never never token    never scope  scope
PUT upload-finish      scope  scope    scope  never       never never token    never scope  scope
DELETE upload-cancel   scope  scope    scope  never       never never token    never scope  scope
GET blob               scope  scope    200    200         200   200   token    200   200    200
DELETE blob-delete     scope  scope    scope  scope       never never token    scope scope  scope
GET manifest           scope  scope    200    200         200   200   token    200   200    200
PUT manifest-put       scope  scope    scope  never       never never token    never scope  scope
DELETE manifest-delete scope  scope    scope  scope       never never token    scope scope  scope
`,
        Basic: `
                       nobody stranger viewer contributor owner admin disabled robot  reader
GET tags               login  DENIED   200    200         200   200   login    200    200
GET referrers          login  DENIED   200    200         200   200   login    200    200
POST upload-start      login  DENIED   DENIED never       never never login    never  DENIED
GET upload-status      login  DENIED   DENIED 204         204   204   login    204    DENIED
PATCH upload-append    login  DENIED   DENIED never       never never login    never  DENIED
PUT upload-finish      login  DENIED   DENIED never       never never login    never  DENIED
DELETE upload-cancel   login  DENIED   DENIED never       never never login    never  DENIED
GET blob               login  DENIED   200    200         200   200   login    200    200
DELETE blob-delete     login  DENIED   DENIED DENIED      never never login    DENIED DENIED
GET manifest           login  DENIED   200    200         200   200   login    200    200
PUT manifest-put       login  DENIED   DENIED never       never never login    never  DENIED
DELETE manifest-delete login  DENIED   DENIED DENIED      never never login    DENIED DENIED
`,
      },
    },
  },

  'storage.delete false': {
    settings: {storage: {delete: false}},
    tables: {
      private: {
        Bearer: `
                       nobody stranger viewer contributor owner admin disabled robot reader puller
DELETE upload-cancel   scope  scope    scope  204         204   204   token    204   scope  scope
DELETE blob-delete     scope  scope    scope  scope       never never token    scope scope  scope
DELETE manifest-delete scope  scope    scope  scope       never never token    scope scope  scope
`,
        Basic: `
                       nobody stranger viewer contributor owner admin disabled robot  reader
DELETE upload-cancel   login  DENIED   DENIED 204         204   204   login    204    DENIED
DELETE blob-delete     login  DENIED   DENIED DENIED      never never login    DENIED DENIED
DELETE manifest-delete login  DENIED   DENIED DENIED      never never login    DENIED DENIED
`,
      },
    },
  },
};
