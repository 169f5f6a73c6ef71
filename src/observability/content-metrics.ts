/** What Prometheus can ask about pulls, pushes and deletes: labels are words of ours, never the name of a repository. */
import {Counter, type Registry} from 'prom-client';

const operations = ['pull', 'push', 'delete'] as const;
const kinds = ['blob', 'manifest'] as const;
const outcomes = ['done', 'login-required', 'refused', 'failed', 'aborted'] as const;
const expiries = ['removed', 'failed'] as const;

interface Operation {
  readonly operation: (typeof operations)[number];
  readonly kind: (typeof kinds)[number];
}

interface Answered {
  /** The route's name. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  /** The client was gone before it had the whole answer. */
  readonly isAborted: boolean;
}

export interface ContentMetrics {
  /** Counts what was a pull, a push or a delete. */
  readonly answered: (request: Answered) => void;
  readonly receivedBytes: Counter;
  readonly sentBytes: Counter;
  /** Of uploads that nobody finished. */
  readonly expired: (counts: {readonly removed: number; readonly failed: number}) => void;
}

/** Each series is there from the start, at 0: from nothing to 1 would be no increase. */
export function createContentMetrics(registry: Registry): ContentMetrics {
  const registers = [registry];
  const counter = new Counter({
    name: 'holdfast_content_operations_total',
    help: `Pulls, pushes and deletes, by operation (${operations.join(', ')}), kind (${kinds.join(', ')}) and outcome: ${outcomes.join(', ')}.`,
    labelNames: ['operation', 'kind', 'outcome'],
    registers,
  });
  for (const operation of operations) {
    for (const kind of kinds) {
      for (const outcome of outcomes) counter.inc({operation, kind, outcome}, 0);
    }
  }
  const expiry = new Counter({
    name: 'holdfast_uploads_expired_total',
    help: `Uploads that nobody finished in time, by outcome: ${expiries.join(', ')} (could not be looked at, or removed).`,
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of expiries) expiry.inc({outcome}, 0);
  return {
    answered: (request) => {
      const operation = operationOf(request);
      if (operation) counter.inc({...operation, outcome: outcomeOf(request)});
    },
    receivedBytes: new Counter({
      name: 'holdfast_blob_received_bytes_total',
      help: 'Bytes of blobs that were uploaded, and taken in.',
      registers,
    }),
    sentBytes: new Counter({
      name: 'holdfast_blob_sent_bytes_total',
      help: 'Bytes of blobs that were sent.',
      registers,
    }),
    expired: ({removed, failed}) => {
      expiry.inc({outcome: 'removed'}, removed);
      expiry.inc({outcome: 'failed'}, failed);
    },
  };
}

const byRoute: Readonly<Record<string, Operation>> = {
  blob: {operation: 'pull', kind: 'blob'},
  manifest: {operation: 'pull', kind: 'manifest'},
  'upload-start': {operation: 'push', kind: 'blob'},
  'upload-finish': {operation: 'push', kind: 'blob'},
  'manifest-put': {operation: 'push', kind: 'manifest'},
  'blob-delete': {operation: 'delete', kind: 'blob'},
  'manifest-delete': {operation: 'delete', kind: 'manifest'},
};

function operationOf({route, method, status}: Answered): Operation | undefined {
  // A look is no pull, and an upload that has begun no push yet.
  if (method === 'HEAD' || (route === 'upload-start' && status === 202)) return undefined;
  return byRoute[route];
}

function outcomeOf({status, isAborted}: Answered): (typeof outcomes)[number] {
  if (isAborted) return 'aborted';
  if (status >= 500) return 'failed';
  if (status === 401) return 'login-required';
  return status >= 400 ? 'refused' : 'done';
}
