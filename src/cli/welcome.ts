/** The lines that a person sees after the start: where it listens, and what to type next. */
import {join, sep} from 'node:path';
import {adminSources} from '../config/admin-sources.ts';
import {dataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {quoted} from '../config/tree-check.ts';

interface Started {
  readonly version: string;
  /** The configuration file that was read. */
  readonly file: string | undefined;
  /** Absent: everybody may do everything. */
  readonly setup: Setup | undefined;
  readonly addresses: readonly {
    readonly purpose: 'registry' | 'ui' | 'token' | 'metrics';
    readonly url: string;
  }[];
}

const here = new Set(['127.0.0.1', '[::1]', '0.0.0.0', '[::]']);

interface Setup {
  readonly hasAdmin: boolean;
  readonly code?: {readonly text: string; readonly file: string};
}

/** Without what is understood where the command is typed: in the directory of the project, under npm. */
function holdfastAt(root: string, underNpm: boolean): string {
  const usual = underNpm && root === join(process.cwd(), 'data');
  return `${underNpm ? 'npx ' : ''}holdfast${usual ? '' : ` --data-dir ${quoted(root)}`}`;
}

export interface How {
  /** Started by `npm start`, in the directory of the project. */
  readonly underNpm: boolean;
}

/** What makes the first admin. The command finds this server by its data directory. */
function adminLines(
  {hasAdmin, code}: Setup,
  holdfast: string,
  sources: readonly string[],
  start: string | undefined,
): readonly string[] {
  if (hasAdmin) return [];
  // A local account takes its name from whoever has it at the provider.
  const made =
    sources.length === 0
      ? [
          'There is no admin yet. This makes one, and asks for the password:',
          `  ${holdfast} user create admin`,
        ]
      : [
          `There is no admin yet. Admins come from ${sources.join(' and ')}, with their first login.`,
          'This makes a local one beside them, under a name that nobody has there:',
          `  ${holdfast} user create NAME --admin`,
        ];
  return ['', ...made, ...(start === undefined ? [] : browserLines(start, code))];
}

/** What stands behind a # stays in the browser: no server and no log gets the code. */
function browserLines(start: string, code: Setup['code']): readonly string[] {
  return code
    ? [
        'or open this in a browser:',
        `  ${start}#${code.text}`,
        `(the code behind # is kept in ${code.file})`,
      ]
    : ['or whoever opens this first in a browser:', `  ${start}`];
}

/** Everybody has a namespace of his own name. */
function nextLines(
  host: string,
  setup: Setup | undefined,
  sources: readonly string[],
): readonly string[] {
  const own = setup && (setup.hasAdmin || sources.length > 0 ? 'YOUR-NAME/' : 'admin/');
  const image = `${host}/${own ?? ''}alpine`;
  return [
    '',
    'Next, with any image you have:',
    ...(setup ? [`  docker login ${host}`] : []),
    `  docker tag alpine ${image}`,
    `  docker push ${image}`,
  ];
}

/** Docker takes any certificate from localhost, and nobody can speak to 0.0.0.0. */
function reachable(url: string): URL {
  const at = new URL(url);
  if (here.has(at.hostname)) at.hostname = 'localhost';
  return at;
}

/** Of the first page. */
function pagesUrl(
  {ui, externalUrl}: Config,
  own: string | undefined,
  local: URL,
): string | undefined {
  if (!ui.enabled) return undefined;
  const known = ui.listen.length === 0 ? externalUrl : ui.externalUrl;
  const base = known ?? (own === undefined ? local : reachable(own)).href;
  return `${base.replace(/\/+$/, '')}/`;
}

/** Of a node that waits until no other serves. */
export const standbyLines = (version: string, config: Config, urls: readonly string[]): string =>
  `\nHoldfast ${version} ${urls.length > 0 ? `listens on ${urls.join(' and ')}` : 'waits'}, on standby: another node serves ${dataPaths(config).root}\n  holdfast node status                  tells which, and how it is\n\n`;

export function welcome(started: Started, config: Config, {underNpm}: How): string {
  const {version, file, addresses, setup} = started;
  const urlsOf = (wanted: string): readonly string[] =>
    addresses.filter(({purpose}) => purpose === wanted).map(({url}) => url);
  const [urls, realms, metrics] = [urlsOf('registry'), urlsOf('token'), urlsOf('metrics')];
  const {root, registry, certs} = dataPaths(config);
  const images = `${registry}${sep}`.startsWith(root + sep) ? '' : `, and images in ${registry}`;
  const local = reachable(urls[0] ?? 'https://localhost:5000');
  const {host} = config.externalUrl === undefined ? local : new URL(config.externalUrl);
  // The token realm alone has no pages.
  const pages = urls.length === 0 ? undefined : pagesUrl(config, urlsOf('ui')[0], local);
  const trust =
    config.tls.mode === 'self-signed' ? `--cacert ${quoted(join(certs, 'ca.crt'))} ` : '';
  const sources = adminSources(config.auth);
  const lines = [
    urls.length > 0
      ? `Holdfast ${version} listens on ${urls.join(' and ')}`
      : `The token realm of Holdfast ${version} listens on ${realms.join(' and ')}`,
    ...(urls.length > 0 && realms.length > 0
      ? [`Tokens are given out on ${realms.join(' and ')}`]
      : []),
    ...(metrics.length > 0
      ? [`Metrics are on ${metrics.map((url) => `${url}/metrics`).join(' and ')}`]
      : []),
    `Everything lies in ${root}${images}; ${file === undefined ? 'no configuration file was read' : `configured by ${file}`}`,
    ...(pages === undefined ? [] : [`Its pages are at ${pages}`]),
    ...(setup === undefined
      ? []
      : adminLines(setup, holdfastAt(root, underNpm), sources, pages && `${pages}start`)),
    ...(config.maintenance.readonly
      ? [
          '',
          'It is read-only (maintenance.readonly): pulls go on, pushes and deletes are answered 405',
        ]
      : urls.length > 0
        ? nextLines(host, setup, sources)
        : []),
    ...(setup || urls.length === 0
      ? []
      : [`  curl ${trust}${new URL('/v2/_catalog', local).href}`]),
  ];
  return `\n${lines.join('\n')}\n\n`;
}
