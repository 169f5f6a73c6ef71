/** The text of a configuration of nginx: a file of /etc/nginx/conf.d, or the whole of nginx.conf. */
import {errorSites} from './answers.ts';
import {activeNode, groups, keys} from './groups.ts';
import {accelLocation, locations} from './locations.ts';
import type {Plan, Site} from './plan.ts';
import {seconds, word} from './word.ts';

type Lines = readonly string[];

/** Each four blanks deeper; empty lines stay empty. */
const indented = (lines: Lines): string[] =>
  lines.map((line) => (line === '' ? '' : `    ${line}`));

function tlsLines({pair, minVersion}: Plan): Lines {
  if (!pair) return [];
  return [
    `ssl_certificate ${word(pair.certificate)};`,
    `ssl_certificate_key ${word(pair.key)};`,
    `ssl_protocols ${minVersion === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2 TLSv1.3'};`,
    'ssl_session_cache shared:holdfast_tls:10m;',
    'ssl_session_timeout 1d;',
    '',
  ];
}

/** What holds for all that one server hands on. */
function proxyLines({http, upstreamTls, hasTraces}: Plan): Lines {
  const idle = seconds(http.bodyIdleTimeout);
  return [
    '# Images have any size. What stands still is ended as http.bodyIdleTimeout says.',
    'client_max_body_size 0;',
    `client_header_timeout ${seconds(http.headersTimeout)}s;`,
    `client_body_timeout ${idle}s;`,
    `send_timeout ${idle}s;`,
    `large_client_header_buffers 4 ${Math.ceil(http.maxHeaderBytes / 1024)}k;`,
    '',
    '# Uploads go on as they come, and nothing of a download is laid by on the disk of nginx.',
    'proxy_http_version 1.1;',
    'proxy_request_buffering off;',
    'proxy_max_temp_file_size 0;',
    'proxy_buffer_size 64k;',
    'proxy_buffers 8 64k;',
    'proxy_busy_buffers_size 128k;',
    'proxy_connect_timeout 2s;',
    '# The last request of an upload is answered when all of it has been read once more.',
    'proxy_read_timeout 900s;',
    'proxy_send_timeout 900s;',
    '',
    '# What a client says of this itself must not come through: Holdfast believes nginx.',
    'proxy_set_header Connection "";',
    'proxy_set_header Host $http_host;',
    'proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;',
    'proxy_set_header X-Forwarded-Host $http_host;',
    'proxy_set_header X-Forwarded-Proto $scheme;',
    'proxy_set_header X-Forwarded-Prefix "";',
    'proxy_set_header X-Request-Id $request_id;',
    ...(hasTraces ? ['proxy_set_header traceparent "";'] : []),
    ...(upstreamTls
      ? [
          '',
          'proxy_ssl_verify on;',
          `proxy_ssl_trusted_certificate ${word(upstreamTls.caFile)};`,
          `proxy_ssl_name ${upstreamTls.name};`,
          'proxy_ssl_server_name on;',
        ]
      : []),
  ];
}

function serverOf(plan: Plan, site: Site, body: Lines): Lines {
  const ssl = plan.pair ? ' ssl http2' : '';
  return [
    'server {',
    ...indented([
      ...site.listen.map((address) => `listen ${address}${ssl};`),
      `server_name ${site.serverName};`,
      '',
      ...tlsLines(plan),
      ...proxyLines(plan),
      '',
      ...body,
      ...errorSites,
    ]),
    '}',
    '',
  ];
}

export function siteText(plan: Plan): string {
  const {main, token, pages} = plan;
  const scheme = plan.upstreamTls ? 'https' : 'http';
  return [
    ...groups(plan),
    ...keys(plan),
    ...serverOf(plan, main, [
      ...(plan.isStandby ? activeNode(plan) : []),
      ...locations(plan),
      ...accelLocation(plan),
    ]),
    ...[token, pages].flatMap((site) =>
      site
        ? serverOf(plan, site, [
            'location / {',
            `    proxy_pass ${scheme}://${site.group};`,
            '}',
            '',
          ])
        : [],
    ),
  ].join('\n');
}

/** For a container, or a machine where nginx has nothing else to do. */
export const wholeText = (site: string): string =>
  [
    'worker_processes auto;',
    'worker_rlimit_nofile 16384;',
    'error_log stderr;',
    'pid /run/nginx.pid;',
    '',
    'events {',
    '    worker_connections 8192;',
    '}',
    '',
    'http {',
    ...indented([
      '# Holdfast writes a line of each request.',
      'access_log off;',
      'server_tokens off;',
      '',
      ...site.split('\n'),
    ]),
    '}',
    '',
  ].join('\n');
