/** `npm run bench`: Holdfast and other registries, side by side. See README.md. */
import {measurementsOf} from './measurements/catalogue.ts';
import {type Options, parseOptions} from './options.ts';
import {readJson, saveJson, saveReport} from './report/save.ts';
import {block} from './report/terminal.ts';
import type {Results} from './results.ts';
import {full, quick} from './scale.ts';
import {runSession} from './session.ts';
import {findTargets, targetNames} from './targets/catalogue.ts';

const options = parseOptions(process.argv.slice(2));
// The exit is what removes directories and ends servers.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

try {
  await run(options);
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

async function run({render, list, json, write}: Options): Promise<void> {
  if (list) {
    listAll();
    return;
  }
  const results = render === undefined ? await measureAll(options) : await readJson(render);
  if (render !== undefined) {
    for (const measured of results.measurements) console.log(block(measured, results.targets));
  }
  if (json !== undefined) await saveJson(results, json);
  if (write) console.log(`written: ${(await saveReport(results)).join(' ')}`);
  const failures = failuresOf(results);
  for (const failure of failures) console.error(failure);
  if (failures.length > 0) process.exitCode = 1;
}

async function measureAll({quick: isQuick, ...wishes}: Options): Promise<Results> {
  const usual = isQuick ? quick : full;
  const scale = {...usual, rounds: wishes.rounds ?? usual.rounds};
  const wanted = (id: string) =>
    wishes.only.length === 0 || wishes.only.some((pattern) => pattern.test(id));
  const measurements = measurementsOf(scale).filter(({id}) => wanted(id));
  const limits = wanted('limits');
  if (measurements.length === 0 && !limits) throw new Error('--only matches nothing; see --list');
  const {targets, left} = await findTargets({
    names: wishes.targets,
    given: wishes.given,
    build: !isQuick,
  });
  for (const reason of left) console.log(`left out: ${reason}`);
  return runSession({scale, targets, measurements, limits, directory: wishes.directory});
}

function listAll(): void {
  console.log(`registries: ${targetNames.join(' ')}\n`);
  console.log(['limits', ...measurementsOf(full).map(({id}) => id)].join('\n'));
}

function failuresOf({measurements}: Results): readonly string[] {
  return measurements.flatMap(({id, missing}) =>
    Object.entries(missing)
      .filter(([, reason]) => reason.startsWith('failed'))
      .map(([name, reason]) => `${id}: ${name} ${reason}`),
  );
}
