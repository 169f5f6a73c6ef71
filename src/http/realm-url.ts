/** Where clients get tokens, as challenges tell them. */
import type {Config} from '../config/schema.ts';
import type {Context} from './context.ts';

export type RealmUrl = (ctx: Context) => string;

interface RealmUrlOptions {
  /** Of those at which the realm answers, the one that clients are told. */
  readonly path: Config['token']['path'];
  /** Of the registry. */
  readonly externalUrl: string | undefined;
  /** Of the realm: then nothing else counts. */
  readonly realmExternalUrl?: string | undefined;
  /** Of the realm itself, with the port that is in use, where it has an address of its own. */
  readonly ownUrl?: string | undefined;
}

/** Below the realm's own external address, or that of the registry, or else on the host that the client has asked. */
export function createRealmUrl(options: RealmUrlOptions): RealmUrl {
  const {ownUrl, path} = options;
  const [base, realm] = [options.externalUrl, options.realmExternalUrl].map((url) =>
    url?.replace(/\/+$/, ''),
  );
  if (realm !== undefined) return () => `${realm}${path}`;
  return (ctx) => {
    const {client} = ctx.state;
    const asked = base ?? `${client.protocol}://${client.host || localHost(ctx)}${client.prefix}`;
    return ownUrl === undefined ? `${asked}${path}` : realmAt(new URL(path, ownUrl), asked);
  };
}

const unspecific = new Set(['0.0.0.0', '[::]', 'localhost', '127.0.0.1', '[::1]']);

/** One that listens everywhere, or on this host alone, has the name by which the client came here. */
function realmAt(url: URL, asked: string): string {
  if (unspecific.has(url.hostname) && URL.canParse(asked)) url.hostname = new URL(asked).hostname;
  return url.href;
}

/** HTTP/1.0 names no host. */
function localHost({req: {socket}}: Context): string {
  const {localAddress = 'localhost', localPort = 0} = socket;
  const host = localAddress.includes(':') ? `[${localAddress}]` : localAddress;
  return `${host}:${localPort}`;
}

/** Whether tokens are given out where the registry listens. */
export const isRealmHere = ({token}: Pick<Config, 'token'>): boolean => token.listen.length === 0;
