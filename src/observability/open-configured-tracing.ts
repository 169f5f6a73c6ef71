/** Traces, where the configuration asks for them: what makes them is loaded then, and not before. */
import type {Config} from '../config/schema.ts';
import {version} from '../config/version.ts';
import type {Log} from './log.ts';
import type {Tracing} from './tracing.ts';

interface Options {
  readonly config: Pick<Config, 'tracing'>;
  readonly log: Log;
  /** It is closed with that. */
  readonly stack: AsyncDisposableStack;
}

/** `undefined`: no traces. */
export async function openConfiguredTracing({
  config: {tracing: config},
  log,
  stack,
}: Options): Promise<Tracing | undefined> {
  const {endpoint} = config;
  if (endpoint === undefined) return undefined;
  const {openTracing} = await import('./open-tracing.ts');
  const tracing = openTracing({config: {...config, endpoint}, version: version(), log});
  stack.defer(async () => tracing.close());
  return tracing;
}
