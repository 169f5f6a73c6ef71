/** Names of accounts: each is the first component of its owner's repositories. */

/** Lower-case letters and digits with single separators (. _ -) between them, at most 128 characters. */
export type UserName = string & {readonly __brand: 'UserName'};

const longest = 128;

const isUserName = (text: string): text is UserName =>
  text.length <= longest && /^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(text);

/** `undefined`: no name of an account. Capitals are not lowered: the name must be what clients send. */
export const parseUserName = (text: string): UserName | undefined =>
  isUserName(text) ? text : undefined;

/** `Anna Müller@corp` is `anna-m-ller-corp`: what no repository can be called becomes a separator. `undefined`: nothing is left. */
export const nearestUserName = (text: string): UserName | undefined =>
  parseUserName(
    text
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .toLowerCase()
      .replaceAll(/[._-]{2,}/g, '-')
      .replaceAll(/^[._-]+|[._-]+$/g, ''),
  );
