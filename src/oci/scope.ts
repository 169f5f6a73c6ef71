/** Scopes of tokens: `repository:a/b:pull,push`. */

/** `type` and `name` as they were written; no action stands twice. */
export interface Scope {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** In characters; many times what a client asks for at once. */
const longest = 4096;

/**
 * Split at the first colon and at the last: a name may have one of its own, before a port. A class behind the type, as in `repository(plugin)`, is left out.
 * `undefined`: no scope.
 */
export function parseScope(text: string): Scope | undefined {
  if (text.length > longest) return undefined;
  const match = /^([a-z0-9]+)(?:\([a-z0-9]+\))?:([^\s,"\\]+):([a-z*]+(?:,[a-z*]+)*)?$/.exec(text);
  if (!match) return undefined;
  const [, type = '', name = '', actions = ''] = match;
  return {type, name, actions: [...new Set(actions.split(',').filter((each) => each !== ''))]};
}

/** As it stands in a challenge. */
export const formatScope = ({type, name, actions}: Scope): string =>
  `${type}:${name}:${actions.join(',')}`;
