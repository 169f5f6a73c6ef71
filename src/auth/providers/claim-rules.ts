/** What stands in an ID token, and how rules of the configuration look at it. */

export type Claims = Readonly<Record<string, unknown>>;

/** Of one value, or of a list of them; text, numbers and truth alike. Empty: the claim is not there. */
export function valuesOf(claims: Claims, name: string): readonly string[] {
  const found = claimAt(claims, name);
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  return list.filter(isPlain).map(String);
}

export const hasClaim = (claims: Claims, name: string): boolean =>
  claimAt(claims, name) !== undefined;

/** `realm_access.roles` is the claim of that name, or else `roles` within `realm_access`. */
function claimAt(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  const dot = name.indexOf('.');
  if (dot < 0) return undefined;
  const within = Object.hasOwn(claims, name.slice(0, dot)) ? claims[name.slice(0, dot)] : undefined;
  if (typeof within !== 'object' || within === null) return undefined;
  return claimAt(within as Claims, name.slice(dot + 1));
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** `*` stands for any text, an empty one too. Takes a time that grows with the lengths alone, whatever strangers write into a claim. */
export function isMatch(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

export const anyMatch = (patterns: readonly string[], texts: readonly string[]): boolean =>
  patterns.some((pattern) => texts.some((text) => isMatch(pattern, text)));
