/** Random sequences of uploads against a model that knows every byte. */
import test from 'ava';
import fc from 'fast-check';
import {openFiles} from '../support/descriptors.ts';
import {filesBelow} from '../support/disk.ts';
import {patience, tries} from '../support/properties.ts';
import {until} from '../support/raw-request.ts';
import {blobCommands} from './blob-commands.ts';
import {racingCommands} from './racing-commands.ts';
import {startReal} from './real.ts';
import {uploadCommands} from './upload-commands.ts';
import {latest, newModel, type Real, send, type UploadModel} from './upload-model.ts';

/** However slow the machine is. */
const least = 5;

test('whatever clients do to uploads, the server agrees with a model that knows every byte', async (t) => {
  t.timeout(600_000);
  const {real, errors} = await startReal(t);
  let run = 0;
  const {start, append, ...rest} = uploadCommands;
  const commands = fc.commands<UploadModel, Real, false>(
    // Twice, so that there is something for the others to work on.
    [start, append, append, ...Object.values({...rest, ...racingCommands, ...blobCommands})],
    {maxCommands: 60, size: 'max'},
  );
  const isLate = patience(12_000, least);
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      if (isLate()) return;
      run += 1;
      const model = newModel(`run${run}`);
      await fc.asyncModelRun(() => ({model, real}), sequence);
      await cancelAll(model, real);
    }),
    tries(25),
  );
  t.log(`${run} sequences`);
  t.true(run >= tries(least).numRuns);
  await real.restart();
  t.deepEqual(errors, []);
  await until(async () => (await openFiles(`${real.server.dataDir}/registry`)).length === 0);
  const left = await filesBelow(real.server, '');
  t.deepEqual(
    left.filter((file) => /_uploads|epochs\/\d+\/(?!owner\.json)|\.part$|\.joined$/.test(file)),
    [],
  );
});

async function cancelAll({uploads}: UploadModel, real: Real): Promise<void> {
  for (const upload of uploads) {
    if (!upload.isOver) await send(real, 'DELETE', latest(upload));
  }
}
