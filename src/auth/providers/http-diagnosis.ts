/** Why another server can't be asked over HTTP, and what an operator would change. */

/** Where the answer did not come, or was none. */
export class ServerFault extends Error {
  constructor(
    url: string,
    {finding, advice}: {readonly finding: string; readonly advice?: string | undefined},
    options?: ErrorOptions,
  ) {
    super(`${url}: ${finding}${advice === undefined ? '' : ` (${advice})`}`, options);
    this.name = 'ServerFault';
  }
}

interface Asked {
  readonly url: string;
  /** Such as `auth.keystone`: it has `url`, `caFile` and `timeout`. */
  readonly settings: string;
  /** In milliseconds. */
  readonly timeout: number;
}

/** `cause` is what the connection broke off with; of none after `timeout` it says so itself. */
export function serverFault(cause: unknown, asked: Asked): ServerFault {
  const code = codeOf(cause);
  const known = ofNetwork(code, asked) ?? ofTls(code, cause, asked);
  return new ServerFault(asked.url, known ?? {finding: messageOf(cause)}, {cause});
}

type Words = {readonly finding: string; readonly advice?: string};

function ofNetwork(code: string, {url, settings, timeout}: Asked): Words | undefined {
  const advice = `check host and port in ${settings}.url`;
  switch (code) {
    case 'ECONNREFUSED':
      return {finding: 'nothing listens there', advice};
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {finding: 'the name of the host is not known', advice};
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {finding: 'the host can not be reached', advice};
    case 'TIMEOUT':
      return {
        finding: `no answer within ${timeout} ms`,
        advice: `a firewall, or a busy server; ${settings}.timeout sets how long to wait`,
      };
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        finding: 'the connection was closed',
        advice: url.startsWith('http:')
          ? 'if this port expects TLS, write https://'
          : 'if this port does not speak TLS, write http://',
      };
    default:
      return code.startsWith('HPE_')
        ? {finding: 'the answer is not HTTP', advice: 'another service listens there'}
        : undefined;
  }
}

function ofTls(code: string, cause: unknown, {settings}: Asked): Words | undefined {
  const said = messageOf(cause);
  switch (code) {
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        finding: `the certificate is not for this host: ${said}`,
        advice: `use one of its names in ${settings}.url`,
      };
    case 'CERT_HAS_EXPIRED':
      return {finding: 'the certificate has expired', advice: "renew that server's certificate"};
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return {
        finding: `the certificate is not trusted: ${said}`,
        advice: `set ${settings}.caFile to the CA that signed it`,
      };
  }
  if (!code.startsWith('ERR_SSL_') && code !== 'EPROTO') return undefined;
  return {
    finding: `no TLS: ${said.split('\n')[0] ?? ''}`,
    advice: 'if this port does not speak TLS, write http://',
  };
}

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
