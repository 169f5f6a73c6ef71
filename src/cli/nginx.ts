/** `holdfast nginx print`: a configuration of nginx that fits ours. */
import {InvalidArgumentError, type Command} from 'commander';
import type {Config} from '../config/schema.ts';
import {version} from '../config/version.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {type Plan, planOf, type Wishes} from './nginx/plan.ts';
import {siteText, wholeText} from './nginx/text.ts';
import {warningsOf} from './nginx/warnings.ts';
import {visible} from './output.ts';
import {collect} from './verb.ts';

const examples = `
Examples:
  holdfast nginx print > /etc/nginx/conf.d/holdfast.conf    one Holdfast, on this host
  holdfast nginx print --certificate /etc/ssl/r.crt --key /etc/ssl/r.key
  holdfast nginx print --balance https://node-1:5000,https://node-2:5000
  holdfast nginx print --standby --balance http://10.0.0.1:5000,http://10.0.0.2:5000
  holdfast nginx print --whole > nginx.conf                 for a container
`;

interface Options {
  readonly balance?: readonly string[];
  readonly standby?: true;
  readonly serverName?: string;
  readonly at?: readonly string[];
  readonly certificate?: string;
  readonly key?: string;
  readonly whole?: true;
}

function parseNodes(text: string): string[] {
  const nodes = text.split(',').map((each) => each.trim());
  for (const node of nodes) {
    const url = URL.canParse(node) ? new URL(node) : undefined;
    const isPlain = url?.pathname === '/' && url.search + url.hash + url.username === '';
    if (!isPlain || !/^https?:$/.test(url.protocol)) {
      throw new InvalidArgumentError('It must be URLs such as https://node-1:5000, with commas.');
    }
  }
  return nodes;
}

const fitting =
  (form: RegExp, wanted: string) =>
  (text: string): string => {
    if (form.test(text)) return text;
    throw new InvalidArgumentError(`It must be ${wanted}.`);
  };

const parseName = fitting(/^[A-Za-z0-9*._-]+$/, 'a host name, such as registry.example.org');
const parseListen = fitting(
  /^(?:(?:[A-Za-z0-9._-]+|\[[\da-fA-F:.]+\]):)?\d{1,5}$/,
  'a port, or HOST:PORT',
);

/** What stands above all: from what it was made, and what has to stand in our own file. */
function heading(file: string | undefined, config: Config, plan: Plan): string {
  const {http, externalUrl} = config;
  const name = plan.main.serverName === '_' ? 'NAME' : plan.main.serverName;
  const isLocal = plan.main.nodes.every((node) => /^(?:127\.|\[::1\])/.test(node));
  const proxies =
    http.trustedProxies.length > 0
      ? http.trustedProxies
      : isLocal
        ? ['127.0.0.1', '::1']
        : ['ADDRESS-OF-NGINX'];
  const lines = [
    `nginx in front of Holdfast ${version()}, printed by holdfast nginx print.`,
    `Made from ${file ?? 'the defaults, as there is no configuration file'}. Print it anew when that changes, and try it with nginx -t.`,
    '',
    plan.isBalanced ? 'The holdfast.yaml of each node has to say:' : 'holdfast.yaml has to say:',
    '',
    `  externalUrl: ${externalUrl ?? `https://${name}`}`,
    '  http:',
    `    trustedProxies: [${proxies.map((each) => `'${each}'`).join(', ')}]`,
    ...(plan.accel ? [`    accelRedirect: ${plan.accel.location}`] : []),
    ...(config.tls.mode === 'self-signed' && plan.pair?.certificate.endsWith('/certs/server.crt')
      ? ['', 'Holdfast renews this certificate. nginx takes the new one when it is told to reload.']
      : []),
  ];
  return lines.map((line) => `# ${line}`.trimEnd()).join('\n');
}

function print(options: Options, command: Command): void {
  const {config, file, distribution} = loadFor(command);
  const {balance = [], at: listen = [], certificate, key, serverName} = options;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new Failure('--certificate and --key go together', {code: 2});
  }
  if (new Set(balance.map((node) => new URL(node).protocol)).size > 1) {
    throw new Failure('--balance: all nodes speak https, or all http', {code: 2});
  }
  if (options.standby === true && balance.length < 2) {
    throw new Failure('--standby is for several nodes: --balance names them', {code: 2});
  }
  const isForeseen = config.cluster.mode === 'active-standby' && balance.length > 1;
  const standby = options.standby === true || isForeseen;
  const wishes: Wishes = {balance, standby, serverName, listen, certificate, key};
  const plan = planOf(config, wishes);
  for (const warning of warningsOf(config, plan, wishes)) {
    process.stderr.write(`holdfast: ${visible(warning)}\n`);
  }
  const site = siteText(plan);
  const text = options.whole === true ? wholeText(site) : site;
  process.stdout.write(`${visible(heading(file ?? distribution?.file, config, plan))}\n\n${text}`);
}

export function nginxCommand(nginx: Command): void {
  nginx
    .command('print')
    .description('print a configuration of nginx for this Holdfast, or for several')
    .option(
      '--balance <urls>',
      'the Holdfasts behind it, with commas; the one here unless given',
      parseNodes,
    )
    .option('--standby', 'of several one serves, and the others wait: ask which before each push')
    .option(
      '--server-name <name>',
      'by which clients come; that of externalUrl unless given',
      parseName,
    )
    .option(
      '--at <address>',
      'where nginx listens; the port of externalUrl unless given; may be repeated',
      (text: string, former: readonly string[] | undefined) => collect(parseListen(text), former),
    )
    .option('--certificate <file>', 'in PEM; that of Holdfast unless given')
    .option('--key <file>', 'its private key')
    .option('--whole', 'a whole nginx.conf, and not a file of conf.d')
    .action(print);
  nginx.addHelpText('after', examples);
}
