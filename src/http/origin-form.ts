/**
 * The target of a request as path and query, which is all that routes know. Those of the absolute form (RFC 9112, 3.2.2) lose their
 * scheme and host; whatever else there is becomes `*`, where nothing is.
 */
export function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const rest = /^https?:\/\/[^/?#]*(.*)$/i.exec(target)?.[1];
  if (rest === undefined) return '*';
  return rest.startsWith('/') ? rest : `/${rest}`;
}
