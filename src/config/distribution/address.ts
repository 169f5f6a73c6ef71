/** Addresses as Go listens on them. */

/** `:5000` and `[::]:5000` are every address of both families; what is no such address is left to the schema. */
export function listenOn(address: string): readonly string[] {
  const [, host, port] = /^(.*):(\d+)$/s.exec(address) ?? [];
  if (host === undefined || port === undefined) return [address];
  return host === '' || host === '[::]' ? [`0.0.0.0:${port}`, `[::]:${port}`] : [address];
}

/** `undefined` for what is no address with a port. */
export const portOf = (address: string): string | undefined => /:(\d+)$/.exec(address)?.[1];
