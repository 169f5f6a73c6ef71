/** An error with its causes as one line. Wrapped ones often repeat the words of their cause: those are told once. */

/** A cycle of causes ends there too. */
const deepest = 8;

export function errorText(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return oneLine(String(error));
  const own = oneLine(error.message);
  if (depth >= deepest) return own || error.name;
  const inner: readonly unknown[] =
    error instanceof AggregateError
      ? error.errors
      : [error.cause].filter((cause) => cause !== undefined);
  let text = own;
  for (const each of inner) {
    const more = errorText(each, depth + 1);
    if (text === '' || more.includes(text)) text = more;
    else if (!text.includes(more)) text = `${text}: ${more}`;
  }
  return text || error.name;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();
