/** `npm run bench`: Holdfast and other registries, side by side. See README.md. */
import {measurementsOf} from './measurements/catalogue.ts';
import {measure} from './measure.ts';
import {parseOptions} from './options.ts';
import {progressOn} from './progress.ts';
import {block} from './report/terminal.ts';
import {full, quick} from './scale.ts';
import {findTargets} from './targets/catalogue.ts';
import {openWorkplace} from './workplace.ts';

const options = parseOptions(process.argv.slice(2));
const usual = options.quick ? quick : full;
const scale = {...usual, rounds: options.rounds ?? usual.rounds};
const progress = progressOn(process.stderr);
const targets = (await findTargets()).filter(
  ({name}) => options.targets === undefined || options.targets.includes(name),
);
const measurements = measurementsOf(scale).filter(
  ({id}) => options.only.length === 0 || options.only.some((pattern) => pattern.test(id)),
);
const workplace = await openWorkplace(scale, options.directory);
try {
  for (const measurement of measurements) {
    const measured = await measure(measurement, targets, workplace, progress);
    await workplace.stopAll();
    progress('');
    console.log(
      block(
        measured,
        targets.map(({name, title, isNull = false}) => ({name, title, isNull})),
      ),
    );
  }
} finally {
  await workplace.close();
}
