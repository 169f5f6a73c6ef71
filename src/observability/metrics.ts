/** What Prometheus can ask of this process. */
import {Counter, Gauge, Histogram, Registry} from 'prom-client';
import {type AccessMetrics, createAccessMetrics} from './access-metrics.ts';
import {type ContentMetrics, createContentMetrics} from './content-metrics.ts';
import {createDatabaseMetrics, type DatabaseMetrics} from './database-metrics.ts';
import {createIndexMetrics, type IndexMetrics} from './index-metrics.ts';
import {createLayerMetrics, type LayerMetrics} from './layer-metrics.ts';
import {type ProcessState, watchProcess} from './process-metrics.ts';
import {createTaskMetrics, type TaskMetrics} from './task-metrics.ts';
import {createNotificationMetrics, type NotificationMetrics} from './notification-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly requests: Histogram<'route' | 'method' | 'status'>;
  readonly requestsInFlight: Gauge;
  readonly receivedBytes: Counter;
  readonly sentBytes: Counter;
  readonly uploadsInFlight: Gauge;
  readonly storageErrors: Counter<'kind'>;
  readonly certificateExpiry: Gauge;
  readonly access: AccessMetrics;
  readonly content: ContentMetrics;
  readonly database: DatabaseMetrics;
  readonly index: IndexMetrics;
  readonly layers: LayerMetrics;
  readonly tasks: TaskMetrics;
  readonly notifications: NotificationMetrics;
}

interface Space {
  /** In bytes. */
  readonly total: number;
  readonly available: number;
}

export const nodeActiveHelp =
  '1 where this node serves; 0 where it stands by, and then it is all that it tells.';

const storageErrorKinds = ['full', 'read-only', 'unavailable', 'corrupt', 'too-large'] as const;

interface Watched extends ProcessState {
  readonly space: () => Promise<Space>;
  /** The kinds that there are. */
  readonly databaseFaults: readonly string[];
}

/** One set for each server: several may live in one process. What is watched is asked whenever the metrics are. */
export function createMetrics({space, databaseFaults, ...state}: Watched): Metrics {
  const registry = new Registry();
  const registers = [registry];
  watchProcess(registry, state);
  const spaceGauge = (part: keyof Space, name: string, help: string): Gauge =>
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        // A storage that fails must not take the metrics with it that tell of it.
        this.set(
          await space().then(
            (now) => now[part],
            () => NaN,
          ),
        );
      },
    });
  spaceGauge(
    'available',
    'holdfast_storage_available_bytes',
    'What may still be written to the file system of the storage root; NaN where it does not answer.',
  );
  spaceGauge('total', 'holdfast_storage_size_bytes', 'Size of that file system.');
  new Gauge({name: 'holdfast_node_active', help: nodeActiveHelp, registers}).set(1);
  const storageErrors = new Counter({
    name: 'holdfast_storage_errors_total',
    help: `Failures of the storage, by kind: ${storageErrorKinds.join(', ')}.`,
    labelNames: ['kind'],
    registers,
  });
  // Each is there from the start: from nothing to 1 would be no increase.
  for (const kind of storageErrorKinds) storageErrors.inc({kind}, 0);
  return {
    registry,
    requests: new Histogram({
      name: 'holdfast_http_request_duration_seconds',
      help: 'Time from the first byte of a request to the last of its answer, by route, method and status.',
      labelNames: ['route', 'method', 'status'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
      registers,
    }),
    requestsInFlight: new Gauge({
      name: 'holdfast_http_requests_in_flight',
      help: 'Requests whose answers are not given yet.',
      registers,
    }),
    receivedBytes: new Counter({
      name: 'holdfast_http_received_bytes_total',
      help: 'Bytes of requests, headers included.',
      registers,
    }),
    sentBytes: new Counter({
      name: 'holdfast_http_sent_bytes_total',
      help: 'Bytes of answers, headers included.',
      registers,
    }),
    uploadsInFlight: new Gauge({
      name: 'holdfast_uploads_in_flight',
      help: 'Requests that are writing to an upload at this moment.',
      registers,
    }),
    storageErrors,
    certificateExpiry: new Gauge({
      name: 'holdfast_certificate_expiry_timestamp_seconds',
      help: 'When the TLS certificate in use expires, in seconds since 1970; 0 without TLS.',
      registers,
    }),
    access: createAccessMetrics(registry),
    content: createContentMetrics(registry),
    database: createDatabaseMetrics(registry, databaseFaults),
    index: createIndexMetrics(registry),
    layers: createLayerMetrics(registry),
    tasks: createTaskMetrics(registry),
    notifications: createNotificationMetrics(registry),
  };
}
