/** A message as a sentence on a page; a `name` at its beginning stays as it is. */
export function sentence(message: string, name?: string): string {
  const isNamed = name !== undefined && message.startsWith(`${name} `);
  const first = isNamed ? message.charAt(0) : message.charAt(0).toUpperCase();
  return `${first}${message.slice(1)}${message.endsWith('.') ? '' : '.'}`;
}
