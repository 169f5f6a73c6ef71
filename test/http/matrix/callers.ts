/** Who asks, how, and where: the columns of the tables and the tables themselves. */
export const callers = [
  /** By Bearer with the token of an anonymous caller, by Basic with no header at all. */
  'nobody',
  /** Has an account, and no rights in the namespaces. */
  'stranger',
  'viewer',
  'contributor',
  'owner',
  'admin',
  /** An owner, whose tokens are from the time before the account was disabled. */
  'disabled',
  /** A contributor. */
  'robot',
  /** An application token of the owner, limited to pull. */
  'reader',
  /** A token of the owner whose only scope is to pull. */
  'puller',
  /** An application token of the owner, limited to the namespace private. */
  'narrow',
  /** A browser in which another owner has signed in, led by a page that does not say where it comes from. */
  'foreign',
] as const;

export type Caller = (typeof callers)[number];

export const ways = ['Bearer', 'Basic'] as const;

export type Way = (typeof ways)[number];

/** Namespaces are named after their visibility. */
export const visibilities = ['private', 'protected', 'public'] as const;

export type Visibility = (typeof visibilities)[number];

/** Where a route asks: in none of them, of the API, or in a repository of one of them. */
export const places = ['general', 'api', ...visibilities] as const;

export type Place = (typeof places)[number];

export function parseCaller(text: string): Caller {
  const caller = callers.find((each) => each === text);
  if (caller === undefined) throw new Error(`${text} is no caller`);
  return caller;
}
