/** Which paths nginx hands to Holdfast, and how. */
import {fileSites} from './answers.ts';
import type {Plan} from './plan.ts';
import {word} from './word.ts';

type Lines = readonly string[];

/** Another node is asked where none has seen a body: nginx itself keeps to that, as bodies are not laid by. */
const next: Lines = [
  '    proxy_next_upstream error timeout http_502 http_503;',
  '    proxy_next_upstream_timeout 10s;',
];

export function locations({main, upstreamTls, isBalanced, isStandby}: Plan): Lines {
  const scheme = upstreamTls ? 'https' : 'http';
  const pass = [
    `    proxy_pass ${scheme}://${isStandby ? '$holdfast_node' : 'holdfast'};`,
    ...(isBalanced ? next : []),
  ];
  const {prefix} = main;
  return [
    `location ${prefix}/ {`,
    ...pass,
    '}',
    '',
    '# Manifests and blobs go through as they come.',
    `location ${prefix}/v2/ {`,
    ...pass,
    '    proxy_buffering off;',
    '    gzip off;',
    '}',
    '',
    '# What happens, as it happens: something comes every 15 seconds.',
    `location = ${prefix}/api/v1/events {`,
    ...pass,
    '    proxy_buffering off;',
    '    proxy_read_timeout 60s;',
    '    gzip off;',
    '}',
    '',
  ];
}

/** Where nginx sends what Holdfast has found: the digest, the entity tag and what browsers must not do come from Holdfast. */
export function accelLocation({accel, isStandby}: Plan): Lines {
  if (!accel) return [];
  return [
    '# Blobs, of which Holdfast has said that they may be sent. The user of nginx must be allowed to read them.',
    `location ${accel.location} {`,
    '    internal;',
    ...(isStandby ? ['    auth_request off;'] : []),
    `    alias ${word(`${accel.root}/`)};`,
    '    sendfile on;',
    '    tcp_nopush on;',
    '    gzip off;',
    '    etag off;',
    '    if_modified_since off;',
    '    add_header ETag $upstream_http_etag;',
    '    add_header Last-Modified "";',
    '    add_header Docker-Content-Digest $upstream_http_docker_content_digest;',
    '    add_header Docker-Distribution-Api-Version $upstream_http_docker_distribution_api_version;',
    '    add_header Content-Security-Policy $upstream_http_content_security_policy;',
    '    add_header X-Content-Type-Options $upstream_http_x_content_type_options;',
    '    add_header X-Request-Id $upstream_http_x_request_id;',
    '    error_page 403 500 = @holdfast_shut;',
    '    error_page 404 = @holdfast_gone;',
    '}',
    '',
    ...fileSites,
  ];
}
