/** Whether nobody but this host can hear what goes to a name or an address; that of IPv6 in brackets or without. */
export const isLoopbackHost = (host: string): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/.test(host);
