/** Where our configuration and that of nginx do not fit each other. */
import {isIP} from 'node:net';
import type {Config} from '../../config/schema.ts';
import {createTrust} from '../../http/middleware/identify.ts';
import type {Plan, Wishes} from './plan.ts';

const local = ['127.0.0.1', '[::1]'];

const hostOf = (node: string): string => node.replace(/:\d+$/, '');

/** A sentence for each. */
export function warningsOf(config: Config, plan: Plan, wishes: Wishes): readonly string[] {
  const {http, externalUrl, tls} = config;
  const warnings: string[] = [];
  const tell = (condition: boolean, sentence: string): void => {
    if (condition) warnings.push(sentence);
  };
  const here = wishes.balance.length === 0 ? plan.main.nodes.map(hostOf) : [];
  const missing = here
    .filter((host) => local.includes(host))
    .map((host) => host.replaceAll(/[[\]]/g, ''))
    .filter((host) => !createTrust(http.trustedProxies)(host));
  tell(
    http.trustedProxies.length === 0,
    'http.trustedProxies is empty: every client would have the address of nginx, and one of them could lock names for all; set it to the address of nginx',
  );
  tell(
    http.trustedProxies.length > 0 && missing.length > 0,
    `http.trustedProxies does not have ${missing.join(', ')}, from which an nginx on this host comes`,
  );
  tell(
    externalUrl === undefined,
    `externalUrl is not set: set it to https://${wishes.serverName ?? 'NAME'}, by which clients come`,
  );
  tell(
    externalUrl === undefined && wishes.serverName === undefined,
    'no name is known: nginx answers to every one; --server-name says it',
  );
  tell(
    tls.mode === 'off' && plan.pair !== undefined && wishes.certificate === undefined,
    `tls.mode is off, and there is no certificate here: put yours at ${plan.pair?.certificate ?? ''}, or say --certificate and --key`,
  );
  const ownPorts = http.listen.map(({port}) => String(port));
  const clash = plan.main.listen.find((each) => ownPorts.includes(each.replace(/^.*:/, '')));
  tell(
    here.length > 0 && clash !== undefined,
    `nginx is to listen at ${clash ?? ''}, which is the port of Holdfast itself: move http.listen to another one, such as 127.0.0.1:5000`,
  );
  for (const [name, settings, site] of [
    ['token', config.token, plan.token],
    ['ui', config.ui, plan.pages],
  ] as const) {
    const isOwn = settings.listen.length > 0 && site === undefined;
    tell(
      isOwn && settings.externalUrl === undefined,
      `${name}.listen has addresses of its own, and ${name}.externalUrl is not set: clients are sent there past nginx`,
    );
    tell(
      isOwn && settings.externalUrl !== undefined,
      `${name}.externalUrl is the address of the registry, and ${name}.listen another one: leave ${name}.listen out`,
    );
  }
  tell(
    plan.accel !== undefined && wishes.balance.length > 0,
    `http.accelRedirect is set: the host of nginx must have the storage at ${plan.accel?.root ?? ''} as well`,
  );
  const upstreamName = plan.upstreamTls?.name ?? '';
  tell(
    isIP(upstreamName.replace(/^\[|\]$/g, '')) !== 0,
    `externalUrl has the address ${upstreamName}, for which nginx can't check the certificate of Holdfast: give it a name that the certificate has`,
  );
  tell(
    plan.isBalanced && config.cluster.mode === 'single',
    'cluster.mode is single: two nodes on one directory need active-standby or active-active',
  );
  return warnings;
}
