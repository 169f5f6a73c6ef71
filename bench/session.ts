/** A whole run: all measurements on all targets, and the machine's limits beside them. */
import {describeMachine} from './machine.ts';
import {measure} from './measure.ts';
import type {Measurement} from './measurement.ts';
import {measureLimits} from './measurements/limits.ts';
import {type Progress, progressOn} from './progress.ts';
import {block} from './report/terminal.ts';
import {findProgram, howToInstall} from './programs.ts';
import type {Limit, Measured, Results} from './results.ts';
import type {Scale} from './scale.ts';
import type {Target} from './targets/target.ts';
import {openWorkplace, type Workplace} from './workplace.ts';

type Plan = {
  readonly scale: Scale;
  readonly targets: readonly Target[];
  readonly measurements: readonly Measurement[];
  readonly limits: boolean;
  readonly directory: string | undefined;
};

/** Prints every measurement as soon as it is done. */
export async function runSession(plan: Plan): Promise<Results> {
  const startedAt = new Date();
  const progress = progressOn(process.stderr);
  const workplace = await openWorkplace(plan.scale, plan.directory);
  try {
    const targets = plan.targets.map(({name, title, isNull = false}) => ({name, title, isNull}));
    const machine = await describeMachine(workplace.directory);
    const limits = plan.limits ? await limitsOf(workplace, progress) : [];
    const measurements: Measured[] = [];
    for (const measurement of plan.measurements) {
      const missing = (measurement.needs ?? []).filter((name) => findProgram(name) === undefined);
      if (missing.length > 0) {
        console.log(`${measurement.id} is left out: ${missing.map(howToInstall).join(', ')}\n`);
        continue;
      }
      const measured = await measure(measurement, plan.targets, workplace, progress);
      await workplace.stopAll();
      progress('');
      console.log(block(measured, targets));
      measurements.push(measured);
    }
    return {
      startedAt: startedAt.toISOString(),
      seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
      quick: plan.scale.quick,
      machine,
      targets,
      measurements,
      limits,
    };
  } finally {
    await workplace.close();
  }
}

async function limitsOf(workplace: Workplace, progress: Progress): Promise<Limit[]> {
  const limits = await measureLimits(workplace, progress);
  progress('');
  for (const {title, median, unit} of limits)
    console.log(`${title}: ${Math.round(median)} ${unit}`);
  console.log('');
  return [...limits];
}
