/** Annotations and labels, as the index keeps them. */

/** We have written it; what somebody has made of it since counts as none. */
export function stringsOf(text: string | null): Readonly<Record<string, string>> {
  if (text === null) return {};
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    return {};
  }
}
