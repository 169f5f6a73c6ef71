/** Traces of requests, for whoever makes spans: what makes them is loaded where they are asked for (open-tracing.ts). */

export type Attributes = Readonly<Record<string, string | number | boolean>>;

export interface TracedRequest {
  readonly method: string;
  /** The `traceparent` header; empty: none. */
  readonly parent: string;
  /** Whether what it says about sampling counts. */
  readonly isParentTrusted: boolean;
  readonly attributes: Attributes;
}

interface RequestSpan {
  /** For the log; `undefined`: this one is not recorded. */
  readonly traceId: string | undefined;
  readonly end: (result: {
    readonly name: string;
    readonly attributes: Attributes;
    readonly isFault: boolean;
  }) => void;
}

/** What happens within a request; nothing where there is none, or it is not recorded. */
export interface Spans {
  /** Answers what ends it, with the error where there was one. */
  readonly begin: (name: string, attributes: Attributes) => EndSpan;
}

export type EndSpan = (error?: unknown) => void;

export interface Tracing extends Spans {
  /** All that `work` does is within the span; `work` ends it. */
  readonly request: <T>(
    request: TracedRequest,
    work: (span: RequestSpan) => Promise<T>,
  ) => Promise<T>;
  /** Sends what there is, and waits for a few seconds at most. */
  readonly close: () => Promise<void>;
}

/** A span around `work`. */
export async function within<T>(
  spans: Spans,
  {name, attributes = {}}: {readonly name: string; readonly attributes?: Attributes},
  work: () => Promise<T>,
): Promise<T> {
  const end = spans.begin(name, attributes);
  let answer: T;
  try {
    answer = await work();
  } catch (error) {
    end(error);
    throw error;
  }
  end();
  return answer;
}
