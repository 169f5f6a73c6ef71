/** Traces by OpenTelemetry: the one file that loads it. Nothing of it is global, as several servers may live in one process. */
import {AsyncLocalStorage} from 'node:async_hooks';
import {setTimeout as sleep} from 'node:timers/promises';
import {
  type Context,
  createContextKey,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import {OTLPTraceExporter} from '@opentelemetry/exporter-trace-otlp-http';
import {resourceFromAttributes} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type Sampler,
  SamplingDecision,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type {Config} from '../config/schema.ts';
import {parseHeaders} from '../config/tracing-schema.ts';
import {errorText} from './error-text.ts';
import type {Log} from './log.ts';
import {Repeated} from './repeated.ts';
import type {EndSpan, TracedRequest, Tracing} from './tracing.ts';

interface TracingOptions {
  readonly config: Config['tracing'] & {readonly endpoint: string};
  readonly version: string;
  readonly log: Log;
}

/** In milliseconds: for one batch, with what is tried again. */
const exportPatience = 5000;
/** In milliseconds: so long a stop waits for the last batch. */
const closePatience = 2000;
/** Spans that wait to be sent; what comes then is dropped. */
const mostWaiting = 4096;
/** In characters. */
const longestValue = 1024;

const isTrusted = createContextKey('parent is trusted');

export function openTracing({config, version, log}: TracingOptions): Tracing {
  const exporter = new OTLPTraceExporter({
    url: tracesUrl(config.endpoint),
    headers: config.headers === undefined ? {} : (parseHeaders(config.headers) ?? {}),
    timeoutMillis: exportPatience,
    // One that is slow must not gather requests.
    concurrencyLimit: 4,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': config.serviceName,
      'service.version': version,
    }),
    sampler: sampler(config.sampleRatio),
    spanLimits: {attributeValueLengthLimit: longestValue},
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: outspoken(exporter, log),
        maxQueueSize: mostWaiting,
        scheduledDelayMillis: 1000,
        exportTimeoutMillis: 2 * exportPatience,
      }),
    ],
  });
  const tracer = provider.getTracer('holdfast', version);
  const current = new AsyncLocalStorage<Context>();
  return {
    request: async (request, work) => {
      const {method, attributes} = request;
      const options = {kind: SpanKind.SERVER, attributes};
      const context = parentOf(request);
      const span = tracer.startSpan(method, options, context);
      return current.run(trace.setSpan(context, span), async () =>
        work({
          traceId: span.isRecording() ? span.spanContext().traceId : undefined,
          end: ({name, attributes: more, isFault}) => {
            span.updateName(name).setAttributes(more);
            if (isFault) span.setStatus({code: SpanStatusCode.ERROR});
            span.end();
          },
        }),
      );
    },
    begin: (name, attributes) => {
      const context = current.getStore();
      // What nobody asked for, such as housekeeping, is no trace of its own.
      if (!context || !trace.getSpan(context)?.isRecording()) return nothing;
      const span = tracer.startSpan(name, {kind: SpanKind.INTERNAL, attributes}, context);
      return (error) => {
        if (error !== undefined) fail(span, error);
        span.end();
      };
    },
    close: async () => {
      const end = provider.shutdown().catch(() => undefined);
      await Promise.race([end, sleep(closePatience, undefined, {ref: false})]);
    },
  };
}

const nothing: EndSpan = () => undefined;

function fail(span: Span, error: unknown): void {
  span.setStatus({code: SpanStatusCode.ERROR, message: errorText(error).slice(0, longestValue)});
  span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
}

function tracesUrl(endpoint: string): string {
  const url = new URL(endpoint);
  if (url.pathname === '/') url.pathname = '/v1/traces';
  return url.href;
}

/** Of W3C: `00-TRACE-SPAN-FLAGS`, and what later versions have behind it. */
const traceparent =
  /^(?!ff)[\da-f]{2}-(?<traceId>(?!0{32})[\da-f]{32})-(?<spanId>(?!0{16})[\da-f]{16})-(?<flags>[\da-f]{2})(?:$|-)/;

function parentOf({parent, isParentTrusted}: TracedRequest): Context {
  const {traceId, spanId, flags} = traceparent.exec(parent)?.groups ?? {};
  if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags ?? '0', 16) & TraceFlags.SAMPLED;
  const remote = {traceId, spanId, traceFlags, isRemote: true};
  return trace.setSpanContext(ROOT_CONTEXT, remote).setValue(isTrusted, isParentTrusted);
}

/** Strangers may not have each of their requests recorded, nor keep them from it: of them the ratio decides. */
function sampler(ratio: number): Sampler {
  const byRatio = new TraceIdRatioBasedSampler(ratio);
  return {
    shouldSample: (context, traceId) => {
      const parent = trace.getSpanContext(context);
      if (!parent || (parent.isRemote === true && context.getValue(isTrusted) !== true)) {
        return byRatio.shouldSample(context, traceId);
      }
      const isSampled = (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
      const {RECORD_AND_SAMPLED, NOT_RECORD} = SamplingDecision;
      return {decision: isSampled ? RECORD_AND_SAMPLED : NOT_RECORD};
    },
    toString: () => `holdfast(${ratio})`,
  };
}

/** Tells the log what OpenTelemetry keeps to itself. */
function outspoken(exporter: SpanExporter, log: Log): SpanExporter {
  const repeated = new Repeated();
  return {
    export: (spans, done) => {
      exporter.export(spans, (result) => {
        if (result.error) {
          const finding = errorText(result.error);
          const times = repeated.tell(finding);
          if (times) log.warn({finding, ...times}, 'traces could not be sent');
        }
        done(result);
      });
    },
    shutdown: async () => exporter.shutdown(),
  };
}
