/** Metrics of what happens to content, and of telling it. */
import {Counter, Gauge, Histogram, type Registry} from 'prom-client';

const outcomes = ['delivered', 'retried', 'failed', 'dropped'] as const;

export interface NotificationMetrics {
  readonly deliveries: Counter<'outcome'>;
  readonly duration: Histogram;
  readonly lost: Counter;
  /** Whom to ask how many deliveries wait. */
  follow(count: () => Promise<number>): void;
}

export function createNotificationMetrics(registry: Registry): NotificationMetrics {
  const registers = [registry];
  let waiting: () => Promise<number> = async () => Promise.resolve(0);
  new Gauge({
    name: 'holdfast_webhook_backlog',
    help: 'Deliveries to webhooks and endpoints that wait; NaN where the database does not answer.',
    registers,
    async collect() {
      this.set(await waiting().catch(() => NaN));
    },
  });
  const deliveries = new Counter({
    name: 'holdfast_webhook_deliveries_total',
    help: `Attempts to deliver an event, by outcome: ${outcomes.join(', ')}.`,
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of outcomes) deliveries.inc({outcome}, 0);
  return {
    deliveries,
    duration: new Histogram({
      name: 'holdfast_webhook_delivery_duration_seconds',
      help: 'Time until a receiver has answered, or has not.',
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
      registers,
    }),
    lost: new Counter({
      name: 'holdfast_events_lost_total',
      help: 'Pulls, and pushes of blobs, that could not be written down for those who want to be told of them.',
      registers,
    }),
    follow: (count) => {
      waiting = count;
    },
  };
}
