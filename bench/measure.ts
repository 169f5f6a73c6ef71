/** One measurement on all targets in turn, round by round. */
import {setTimeout as pause} from 'node:timers/promises';
import type {Bench, Measurement, Trial} from './measurement.ts';
import {watch} from './meter.ts';
import type {Progress} from './progress.ts';
import type {Measured, Sample} from './results.ts';
import type {Target} from './targets/target.ts';

type Entry = {readonly target: Target; readonly trial: Trial; readonly samples: Sample[]};

/** Long enough for what the last round woke up to lie down again. */
const rest = 50;

/**
 * Every target does the same in every round, and every round another one is the first, so that what the machine
 * does meanwhile hits all alike. A target that fails is left out from there on, with what it said.
 */
export async function measure(
  measurement: Measurement,
  targets: readonly Target[],
  bench: Bench,
  progress: Progress,
): Promise<Measured> {
  const rounds = Math.min(bench.scale.rounds, measurement.maxRounds ?? Infinity);
  const missing: Record<string, string> = {};
  const entries: Entry[] = [];
  progress(`${measurement.id}: getting ready`);
  await measurement.prepare?.(bench, rounds);
  for (const target of targets.filter(takesOf(measurement))) {
    const reason = target.lacks?.[measurement.id] ?? measurement.refuses(target);
    if (reason !== undefined) {
      missing[target.name] = reason;
      continue;
    }
    progress(`${measurement.id}: ${target.name} gets ready`);
    try {
      entries.push({target, trial: await measurement.open(target, bench), samples: []});
    } catch (error) {
      missing[target.name] = failure(error);
    }
  }
  const first = measurement.warmsUp ? 0 : 1;
  for (let round = first; round <= rounds; round += 1) {
    for (const {target, trial, samples} of rotated(entries, round)) {
      if (target.name in missing) continue;
      progress(`${measurement.id}: ${target.name}, round ${round} of ${rounds}`);
      try {
        const sample = await observe(trial, round);
        await trial.tidy?.();
        if (round > 0) samples.push(sample);
      } catch (error) {
        missing[target.name] = failure(error);
      }
    }
  }
  for (const {trial} of entries) await trial.close();
  const {id, group, title, metrics, yardstick} = measurement;
  const samples = Object.fromEntries(
    entries
      .filter(({target}) => !(target.name in missing))
      .map(({target, samples}) => [target.name, samples]),
  );
  return {
    id,
    group,
    title,
    metrics: [...metrics],
    ...(yardstick === undefined ? {} : {yardstick}),
    samples,
    missing,
  };
}

function takesOf(measurement: Measurement): (target: Target) => boolean {
  return (target) => measurement.takes?.(target) ?? target.accounts !== 'on';
}

async function observe(trial: Trial, round: number): Promise<Sample> {
  await pause(rest);
  const ended = await watch(trial.pid);
  const {values, clientCpuSeconds, usage} = await trial.round(round);
  return {
    values: {...values},
    ...(await ended()),
    ...usage,
    ...(clientCpuSeconds === undefined ? {} : {clientCpuSeconds}),
  };
}

function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

/** Marked, so that it is not taken for what a target can't do at all. */
function failure(error: unknown): string {
  return `failed: ${error instanceof Error ? error.message : String(error)}`;
}
