/** The import where no server runs. */
import {importPortus, type PortusReport} from '../auth/administration/portus.ts';
import {openAlone} from './administration-alone.ts';
import type {Place} from './data-directory.ts';
import {operatorHere} from './operator.ts';
import type {Progress} from './progress-bar.ts';

/** In milliseconds. */
const lookEvery = 200;

export async function importAlone(
  place: Place,
  input: unknown,
  show: (progress: Progress) => void,
): Promise<PortusReport> {
  await using administration = await openAlone(place, importPortus.name);
  const {context} = administration;
  const timer = setInterval(() => {
    const running = context.importing?.current;
    if (running) show({done: running.done, expected: running.all});
  }, lookEvery);
  try {
    return await importPortus.perform(context, operatorHere(), input);
  } finally {
    clearInterval(timer);
  }
}
