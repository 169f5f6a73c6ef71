/** All that tells of what happens to content. */
import {randomUUID} from 'node:crypto';
import {hostname} from 'node:os';
import type {Config} from '../config/schema.ts';
import type {Clock} from '../host/clock.ts';
import type {Database} from '../metadata/database.ts';
import type {Happening} from '../metadata/events/event.ts';
import type {Log} from '../observability/log.ts';
import type {NotificationMetrics} from '../observability/notification-metrics.ts';
import type {Wanted} from './endpoint.ts';
import {Endpoints} from './endpoints.ts';
import {EventFeed} from './event-feed.ts';
import {Notifier} from './notifier.ts';
import {Recorder} from './recorder.ts';

export interface Notifications {
  /** Whether somebody wants to be told of such a thing. */
  wants(what: Wanted): boolean;
  /** Resolves when it is written down, or soon after; never rejects. */
  record(happening: Happening): Promise<void>;
  /** Events were written, or webhooks changed. */
  wake(): void;
  /** For those who follow what happens. */
  readonly feed: EventFeed;
  close(): Promise<void>;
}

interface NotificationsOptions {
  readonly db: Database['db'];
  readonly config: Pick<Config, 'notifications' | 'externalUrl' | 'http'>;
  readonly metrics: NotificationMetrics;
  readonly log: Log;
  readonly now: Clock;
  /** Whether this process tells anybody, or leaves it to others. */
  readonly isSending: boolean;
  /** In ms, between two attempts. */
  readonly longestPause?: number | undefined;
}

/** In ms. */
const usualPause = 300_000;

export function openNotifications({
  db,
  config,
  metrics,
  log,
  now,
  isSending,
  longestPause = usualPause,
}: NotificationsOptions): Notifications {
  const {notifications: settings, externalUrl, http} = config;
  const endpoints = new Endpoints(db, settings);
  const port = http.listen[0]?.port ?? 0;
  const source = {addr: `${hostname()}:${port}`, instanceID: randomUUID(), externalUrl};
  const notifier = isSending
    ? new Notifier({db, settings, endpoints, source, metrics, log, now, longestPause})
    : undefined;
  const feed = new EventFeed({db, log});
  const wake = (): void => {
    notifier?.wake();
    feed.wake();
  };
  const recorder = new Recorder({db, metrics, log, onEvents: wake});
  return {
    wants: (what) => endpoints.wantsAny(what) || feed.wants(what),
    record: async (happening) => recorder.record(happening),
    wake,
    feed,
    close: async () => notifier?.close(),
  };
}
