/** The lines that a person sees after the start: where it listens, and what to type next. */
import {join} from 'node:path';
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
    readonly purpose: 'registry' | 'token' | 'metrics';
    readonly url: string;
  }[];
}

const here = new Set(['127.0.0.1', '[::1]', '0.0.0.0', '[::]']);

interface Setup {
  readonly hasAdmin: boolean;
  readonly code?: {readonly text: string; readonly file: string};
}

/** What makes the first admin. The command finds this server by its data directory. */
function adminLines({hasAdmin, code}: Setup, root: string): readonly string[] {
  if (hasAdmin) return [];
  return [
    '',
    'There is no admin yet. This makes one, and asks for the password:',
    `  holdfast --data-dir ${quoted(root)} user create admin`,
    ...(code
      ? [`or, on the web, with the code ${code.text} (it is kept in ${code.file})`]
      : ['or whoever signs up first']),
  ];
}

/** Docker takes any certificate from localhost, and nobody can speak to 0.0.0.0. */
function reachable(url: string): URL {
  const at = new URL(url);
  if (here.has(at.hostname)) at.hostname = 'localhost';
  return at;
}

export function welcome({version, file, addresses, setup}: Started, config: Config): string {
  const urls = addresses.filter(({purpose}) => purpose === 'registry').map(({url}) => url);
  const metrics = addresses.filter(({purpose}) => purpose === 'metrics').map(({url}) => url);
  const {root, certs} = dataPaths(config);
  const local = reachable(urls[0] ?? 'https://localhost:5000');
  const {host} = config.externalUrl === undefined ? local : new URL(config.externalUrl);
  const trust =
    config.tls.mode === 'self-signed' ? `--cacert ${quoted(join(certs, 'ca.crt'))} ` : '';
  const lines = [
    `Holdfast ${version} listens on ${urls.join(' and ')}`,
    ...(metrics.length > 0
      ? [`Metrics are on ${metrics.map((url) => `${url}/metrics`).join(' and ')}`]
      : []),
    `Everything lies in ${root}; ${file === undefined ? 'no configuration file was read' : `configured by ${file}`}`,
    ...(setup === undefined ? [] : adminLines(setup, root)),
    '',
    'Next, with any image you have:',
    ...(setup === undefined ? [] : [`  docker login ${host}`]),
    `  docker tag alpine ${host}/alpine`,
    `  docker push ${host}/alpine`,
    `  curl ${trust}${new URL('/v2/_catalog', local).href}`,
  ];
  return `\n${lines.join('\n')}\n\n`;
}
