/** What a configuration of nginx has to say, found out from ours and from what the command line adds. */
import {isIPv6} from 'node:net';
import {dataPaths} from '../../config/data-directory.ts';
import type {Config} from '../../config/schema.ts';
import type {ListenAddress} from '../../config/units.ts';
import {givenPaths} from '../../tls/given-pair.ts';
import {certificateFiles} from '../../tls/layout.ts';

export interface Wishes {
  /** Addresses of the Holdfasts, such as `https://node-1:5000`; empty: the one that is configured here. */
  readonly balance: readonly string[];
  /** Of several one serves, and the others wait. */
  readonly standby: boolean;
  readonly serverName: string | undefined;
  readonly listen: readonly string[];
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

/** One address of nginx, and the Holdfasts behind it. */
export interface Site {
  /** Of the group of servers in nginx. */
  readonly group: string;
  readonly serverName: string;
  readonly listen: readonly string[];
  /** A path without a slash at its end, below which it lies. */
  readonly prefix: string;
  /** `10.0.0.1:5000` */
  readonly nodes: readonly string[];
}

export interface Plan {
  readonly main: Site;
  /** The token realm, where it has addresses of its own both here and for clients. */
  readonly token: Site | undefined;
  /** The same of the pages. */
  readonly pages: Site | undefined;
  /** Absent: clients speak plain HTTP. */
  readonly pair: {readonly certificate: string; readonly key: string} | undefined;
  /** Absent: Holdfast is asked in plain HTTP. */
  readonly upstreamTls: {readonly name: string; readonly caFile: string} | undefined;
  readonly isBalanced: boolean;
  readonly isStandby: boolean;
  readonly minVersion: Config['tls']['minVersion'];
  /** Absent: Holdfast sends blobs itself. */
  readonly accel: {readonly location: string; readonly root: string} | undefined;
  readonly http: Config['http'];
  readonly hasTraces: boolean;
}

const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt';

const inUrl = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

/** How this host reaches what listens there. */
function reachable({host, port}: ListenAddress): string {
  if (host === '0.0.0.0' || host === 'localhost') return `127.0.0.1:${port}`;
  return `${host === '::' ? '[::1]' : inUrl(host)}:${port}`;
}

const portOf = ({port, protocol}: URL): string => port || (protocol === 'https:' ? '443' : '80');

/** In all networks. */
const listenAt = (url: URL): readonly string[] => [portOf(url), `[::]:${portOf(url)}`];

function siteOf(
  group: string,
  externalUrl: string,
  listen: readonly ListenAddress[],
  hosts: readonly string[],
): Site {
  const url = new URL(externalUrl);
  const [{host, port} = {host: 'localhost', port: 0}] = listen;
  const nodes =
    hosts.length > 0 ? hosts.map((each) => `${each}:${port}`) : [reachable({host, port})];
  return {
    group,
    serverName: url.hostname,
    listen: listenAt(url),
    prefix: url.pathname.replace(/\/+$/, ''),
    nodes,
  };
}

/** Where it is another address than that of the registry, and nginx is to stand before it. */
function siteBeside(
  group: string,
  {listen, externalUrl}: Pick<Config['token'], 'listen' | 'externalUrl'>,
  registryUrl: string,
  hosts: readonly string[],
): Site | undefined {
  if (listen.length === 0 || externalUrl === undefined) return undefined;
  if (new URL(externalUrl).origin === new URL(registryUrl).origin) return undefined;
  return siteOf(group, externalUrl, listen, hosts);
}

export function planOf(config: Config, wishes: Wishes): Plan {
  const {http, tls, token, ui, tracing} = config;
  const nodes = wishes.balance.map((text) => new URL(text));
  const isSecured = nodes[0] ? nodes[0].protocol === 'https:' : tls.mode !== 'off';
  const isGiven = wishes.certificate !== undefined || wishes.key !== undefined;
  const name = wishes.serverName ?? 'registry.example.org';
  const isPlain = config.externalUrl?.startsWith('http:') === true && !isGiven;
  const externalUrl = config.externalUrl ?? `https://${name}`;
  const paths = dataPaths(config);
  const files = certificateFiles(paths.certs);
  const own = tls.mode === 'off' ? undefined : givenPaths(tls, paths.certs);
  const hosts = nodes.map(({hostname}) => hostname);
  const main = siteOf('holdfast', externalUrl, http.listen, []);
  return {
    main: {
      ...main,
      serverName: wishes.serverName ?? (config.externalUrl === undefined ? '_' : main.serverName),
      listen: wishes.listen.length > 0 ? wishes.listen : main.listen,
      nodes: nodes.length > 0 ? nodes.map((url) => `${url.hostname}:${portOf(url)}`) : main.nodes,
    },
    token:
      config.auth.mode === 'none'
        ? undefined
        : siteBeside('holdfast_token', token, externalUrl, hosts),
    pages: ui.enabled ? siteBeside('holdfast_pages', ui, externalUrl, hosts) : undefined,
    pair: isPlain
      ? undefined
      : {
          certificate: wishes.certificate ?? own?.certificate ?? '/etc/nginx/holdfast.crt',
          key: wishes.key ?? own?.key ?? '/etc/nginx/holdfast.key',
        },
    upstreamTls: isSecured
      ? {
          // nginx looks for names alone in a certificate, and Holdfast puts this one into each of its own.
          name: tls.mode === 'self-signed' ? 'localhost' : main.serverName,
          caFile: tls.mode === 'self-signed' ? files.authority : systemAuthorities,
        }
      : undefined,
    isBalanced: nodes.length > 1,
    isStandby: nodes.length > 1 && wishes.standby,
    minVersion: tls.minVersion,
    accel:
      http.accelRedirect === undefined
        ? undefined
        : {location: http.accelRedirect, root: paths.registry},
    http,
    hasTraces: tracing.endpoint !== undefined,
  };
}
