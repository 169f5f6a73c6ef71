/** Distribution's `http`, but for `http.tls`. */
import {isTree} from '../tree.ts';
import {listenOn} from './address.ts';
import {writtenDuration} from './duration.ts';
import type {Row} from './row.ts';

const debug = 'http.debug';

export const httpRows: readonly Row[] = [
  {
    keys: ['http.addr', 'http.net'],
    becomes:
      '`http.listen`; `:5000` is `[0.0.0.0:5000, "[::]:5000"]`. **Fault** where `net` is `unix`: set `http.listen`.',
    settings: ['http.listen'],
    translate: (draft) => {
      const address = draft.text('http.addr');
      const net = draft.text('http.net') ?? 'tcp';
      if (net !== 'tcp') {
        draft.fault(
          'http.net',
          'Holdfast listens on TCP alone: remove it, and give http.addr a port',
        );
      } else if (address === undefined) {
        draft.warn(
          'http.addr',
          'is not set: Distribution takes a port at random, Holdfast http.listen',
        );
      } else draft.set('http.listen', listenOn(address), 'http.addr');
    },
  },
  {
    keys: ['http.host', 'http.prefix'],
    becomes: '`externalUrl`: host and prefix. **Fault** where there is a prefix and no host.',
    settings: ['externalUrl'],
    translate: (draft) => {
      const host = draft.text('http.host')?.replace(/\/+$/, '');
      const prefix = (draft.text('http.prefix') ?? '').replace(/^\/*(.*?)\/*$/s, '$1');
      if (host !== undefined) {
        draft.set('externalUrl', prefix === '' ? host : `${host}/${prefix}`, 'http.host');
      } else if (prefix !== '') {
        draft.fault(
          'http.prefix',
          'Holdfast needs the whole address for it: set http.host, or externalUrl such as https://registry.example.org/prefix',
        );
      }
    },
  },
  {
    keys: ['http.relativeurls'],
    becomes: '`http.locations`: `relative`, or `absolute` where it says false.',
    settings: ['http.locations'],
    translate: (draft) => {
      const isRelative = draft.flag('http.relativeurls');
      if (isRelative === undefined) return;
      const form = isRelative ? 'relative' : 'absolute';
      draft.set('http.locations', form, 'http.relativeurls');
    },
  },
  {
    keys: ['http.draintimeout'],
    becomes: '`http.drainTimeout`.',
    settings: ['http.drainTimeout'],
    translate: (draft) => {
      const duration = draft.duration('http.draintimeout');
      if (duration === undefined) return;
      draft.set('http.drainTimeout', writtenDuration(duration), 'http.draintimeout');
    },
  },
  {
    keys: [`${debug}.addr`, `${debug}.prometheus.enabled`, `${debug}.prometheus.path`],
    becomes:
      '`metrics.listen`, where Prometheus is enabled; always at `/metrics`, with Holdfast’s own names of metrics.',
    settings: ['metrics.listen'],
    translate: (draft) => {
      const address = draft.text(`${debug}.addr`);
      const isEnabled = draft.flag(`${debug}.prometheus.enabled`) === true;
      const path = draft.text(`${debug}.prometheus.path`) ?? '/metrics';
      if (address === undefined || !isEnabled) return;
      draft.set('metrics.listen', listenOn(address), `${debug}.addr`);
      if (path === '/metrics') return;
      draft.warn(`${debug}.prometheus.path`, 'is not taken: the metrics are at /metrics');
    },
  },
  {
    keys: ['http.headers'],
    becomes: 'Lost, with a warning; but for `X-Content-Type-Options`, which is always sent.',
    translate: (draft) => {
      const headers = draft.value('http.headers');
      const names = isTree(headers) ? Object.keys(headers) : [];
      if (names.every((name) => name.toLowerCase() === 'x-content-type-options')) return;
      draft.warn('http.headers', 'are not sent: let a proxy in front add them');
    },
  },
  {
    keys: ['http.secret', 'http.http2.*', 'http.h2c.*'],
    becomes: 'Nothing: Holdfast makes its own secret, and speaks HTTP/1.1.',
  },
];
