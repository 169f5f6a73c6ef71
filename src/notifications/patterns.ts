/** Patterns of repositories and of media types. */

type Matcher = (text: string) => boolean;

export const isOneOf =
  (matchers: readonly Matcher[]): Matcher =>
  (text) =>
    matchers.some((matches) => matches(text));

/** `*` is one component, `**` at the end all that lies below. */
export function repositoryMatcher(pattern: string): Matcher {
  const wanted = pattern.split('/');
  return (name) => {
    const components = name.split('/');
    for (const [at, part] of wanted.entries()) {
      if (part === '**') return components.length > at;
      if (part !== '*' && part !== components[at]) return false;
      if (components[at] === undefined) return false;
    }
    return components.length === wanted.length;
  };
}

/** `*` is whatever comes. */
export function mediaTypeMatcher(pattern: string): Matcher {
  const [first = '', ...others] = pattern.toLowerCase().split('*');
  return (type) => {
    const text = type.toLowerCase();
    if (others.length === 0) return text === first;
    if (!text.startsWith(first)) return false;
    let from = first.length;
    for (const [at, part] of others.entries()) {
      const isLast = at === others.length - 1;
      const found = isLast ? text.length - part.length : text.indexOf(part, from);
      if (found < from || !text.startsWith(part, found)) return false;
      from = found + part.length;
    }
    return true;
  };
}
