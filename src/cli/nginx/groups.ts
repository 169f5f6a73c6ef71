/** The Holdfasts behind nginx, and which of them a request goes to. */
import {isIP} from 'node:net';
import type {Plan, Site} from './plan.ts';
import {seconds} from './word.ts';

type Lines = readonly string[];

/** Below what Holdfast grants an idle connection: who is about to close one must not be sent a request on it. */
function keepAlive({http}: Plan): Lines {
  const granted = seconds(http.keepAliveTimeout);
  return [
    '    keepalive 64;',
    '    keepalive_requests 100000;',
    `    keepalive_timeout ${Math.max(1, Math.min(granted - 5, Math.round(granted * 0.8)))}s;`,
  ];
}

function group(plan: Plan, {group: name, nodes}: Site, more: Lines = []): Lines {
  const isSeveral = nodes.length > 1;
  const patience = plan.isStandby ? 'max_fails=1 fail_timeout=2s' : 'max_fails=2 fail_timeout=10s';
  const servers = nodes.map((node) => `    server ${node}${isSeveral ? ` ${patience}` : ''};`);
  const zone = isSeveral ? [`    zone ${name} 64k;`] : [];
  return [`upstream ${name} {`, ...zone, ...more, ...servers, ...keepAlive(plan), '}', ''];
}

/** A node that has an address is known by it; another one's is what its name has led to. */
const numbered = ({main}: Plan): readonly {readonly node: string; readonly name: string}[] =>
  main.nodes
    .map((node, at) => ({node, name: `holdfast_${at + 1}`}))
    .filter(({node}) => isIP(node.replace(/:\d+$/, '').replace(/[[\]]/g, '')) !== 0);

export function groups(plan: Plan): Lines {
  const {main, token, pages, isBalanced, isStandby} = plan;
  const hash = isBalanced && !isStandby ? ['    hash $holdfast_upload consistent;'] : [];
  return [
    ...group(plan, main, hash),
    ...(isStandby
      ? numbered(plan).flatMap(({node, name}) => group(plan, {...main, group: name, nodes: [node]}))
      : []),
    ...[token, pages].flatMap((site) => (site ? group(plan, site) : [])),
  ];
}

const escaped = (text: string): string => text.replaceAll(/[.[\]]/g, String.raw`\$&`);

/** What decides between several. */
export function keys(plan: Plan): Lines {
  if (!plan.isBalanced) return [];
  if (!plan.isStandby) {
    return [
      '# The requests of one upload go to one node as long as it is there, all others anywhere.',
      'map $uri $holdfast_upload {',
      '    ~/blobs/uploads/(?<upload>[^/]+)$ $upload;',
      '    default $request_id;',
      '}',
      '',
    ];
  }
  return [
    '# A body can be sent once, and must not be tried out on a standby: which node is active is asked before.',
    'map $request_method $holdfast_reads {',
    '    ~^(?:GET|HEAD|DELETE|OPTIONS)$ 1;',
    '    default 0;',
    '}',
    '',
    '# The last of those that were asked has said that it is.',
    'map $holdfast_asked $holdfast_node {',
    ...numbered(plan).map(({node, name}) => `    "~(?:^|[ ,])${escaped(node)}$" ${name};`),
    '    "~(?<answered>[^ ,]+)$" $answered;',
    '    default holdfast;',
    '}',
    '',
  ];
}

/** Asks for the active node, before requests that have a body. */
export function activeNode({upstreamTls}: Plan): Lines {
  const scheme = upstreamTls ? 'https' : 'http';
  return [
    'auth_request /holdfast-active;',
    'auth_request_set $holdfast_asked $upstream_addr;',
    '',
    'location = /holdfast-active {',
    '    internal;',
    '    auth_request off;',
    '    if ($holdfast_reads) {',
    '        return 204;',
    '    }',
    `    proxy_pass ${scheme}://holdfast/healthz/active;`,
    '    proxy_pass_request_body off;',
    '    proxy_request_buffering on;',
    '    proxy_method GET;',
    '    proxy_set_header Content-Length "";',
    '    proxy_set_header Host $http_host;',
    '    proxy_set_header Connection "";',
    '    proxy_next_upstream error timeout http_503 http_404;',
    '}',
    '',
  ];
}
