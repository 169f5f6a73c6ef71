/** The `Link` header that leads to the next page (RFC 8288). */
export function nextLink(path: string, query: Readonly<Record<string, string | number>>): string {
  const search = new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return `<${path}?${search.toString()}>; rel="next"`;
}
