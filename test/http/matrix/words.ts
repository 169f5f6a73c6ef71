/** The words of the tables, and what they stand for. */

interface Told {
  readonly status: number;
  /** Of the first error in the body. */
  readonly code?: string;
  /** The scheme of `WWW-Authenticate`, and its `error`. */
  readonly challenge?: string;
}

/** A number alone is that status, without an error and without a challenge. */
const words: Readonly<Record<string, Told>> = {
  /** Log in first. */
  login: {status: 401, code: 'UNAUTHORIZED', challenge: 'Bearer'},
  /** The token is not for that. */
  scope: {status: 401, code: 'UNAUTHORIZED', challenge: 'Bearer insufficient_scope'},
  /** The token counts for nothing. */
  token: {status: 401, code: 'UNAUTHORIZED', challenge: 'Bearer invalid_token'},
  /** The token realm wants a name and a password. */
  basic: {status: 401, code: 'UNAUTHORIZED', challenge: 'Basic'},
  DENIED: {status: 403, code: 'DENIED'},
  /** This is no request for a token. */
  bad: {status: 400, code: 'UNSUPPORTED'},
  /** There is nothing at this address. */
  nothing: {status: 404, code: 'UNSUPPORTED'},
  /** The registry has it switched off. */
  never: {status: 405, code: 'UNSUPPORTED'},
};

/** Those of the API, which has codes of its own. */
const wordsOfApi: typeof words = {
  /** This is nothing that the API takes. */
  invalid: {status: 422, code: 'invalid'},
  /** The API wants to know who asks. */
  account: {status: 401, code: 'unauthorized', challenge: 'Basic'},
  denied: {status: 403, code: 'denied'},
  /** Not there, or not to be seen. */
  unknown: {status: 404, code: 'unknown'},
  /** A rule stands against it. */
  refused: {status: 409, code: 'refused'},
  /** The API has it switched off. */
  off: {status: 405, code: 'off'},
};

export const isRefusal = (word: string): boolean => !/^2\d\d$/.test(word);

/** What stands in no table is told at length. */
export function wordOf({url, status, headers}: Response, body: string, method: string): string {
  const header = headers.get('www-authenticate');
  const challenge = header === null ? undefined : challengeIn(header);
  // A HEAD has no body to tell the code.
  const code = method === 'HEAD' ? undefined : codeIn(body);
  const found = Object.entries(new URL(url).pathname.startsWith('/api/') ? wordsOfApi : words).find(
    ([, told]) =>
      told.status === status &&
      told.challenge === challenge &&
      (method === 'HEAD' || told.code === code),
  );
  const parts = [status, code, challenge?.replace(' ', ':')];
  return found?.[0] ?? parts.filter((part) => part !== undefined).join(':');
}

function challengeIn(header: string): string {
  const [scheme = ''] = header.split(' ', 1);
  const fault = /\berror="([^"]*)"/.exec(header)?.[1];
  return fault === undefined ? scheme : `${scheme} ${fault}`;
}

/** Of the specification's form, or of that of the API. */
function codeIn(body: string): string | undefined {
  return /^\{"errors?":\[?\{"code":"([^"]*)"/.exec(body)?.[1];
}
