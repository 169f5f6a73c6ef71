/** Receives traces as a collector does: OTLP over HTTP, in JSON. */
import {createServer, type IncomingHttpHeaders, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import {json} from 'node:stream/consumers';
import type {Lifetime} from './lifetime.ts';

interface Value {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
}

type Pairs = readonly {readonly key: string; readonly value: Value}[];

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: {readonly attributes: Pairs};
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<ReceivedSpan, 'attributes' | 'resource'> & {
        readonly attributes: Pairs;
      })[];
    }[];
  }[];
}

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: {readonly code?: number; readonly message?: string};
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** `http://127.0.0.1:PORT` of a server that answers so; ends with the test. */
export async function answering(life: Lifetime, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  const listening = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => {
    listening.resolve(undefined);
  });
  await listening.promise;
  life.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export interface OtlpReceiver {
  readonly url: string;
  /** All that came so far. */
  readonly spans: readonly ReceivedSpan[];
  /** Of the requests, with their paths. */
  readonly requests: readonly {readonly path: string; readonly headers: IncomingHttpHeaders}[];
}

export async function startOtlpReceiver(life: Lifetime): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const requests: {path: string; headers: IncomingHttpHeaders}[] = [];
  const receive: RequestListener = (request, response) => {
    requests.push({path: request.url ?? '', headers: request.headers});
    void json(request).then((sent) => {
      spans.push(...spansOf(sent as Sent));
      response.setHeader('Content-Type', 'application/json').end('{"partialSuccess":{}}');
    });
  };
  return {url: await answering(life, receive), spans, requests};
}

const spansOf = ({resourceSpans}: Sent): readonly ReceivedSpan[] =>
  resourceSpans.flatMap(({resource, scopeSpans}) =>
    scopeSpans
      .flatMap(({spans}) => spans)
      .map((span) => ({
        ...span,
        attributes: objectOf(span.attributes),
        resource: objectOf(resource.attributes),
      })),
  );

const objectOf = (pairs: Pairs): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    pairs.map(({key, value: {stringValue, intValue, doubleValue, boolValue}}) => [
      key,
      stringValue ?? intValue ?? doubleValue ?? boolValue,
    ]),
  );
