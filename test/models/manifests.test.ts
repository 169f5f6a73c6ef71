/** Random sequences of pushes, tags and deletions against a model. */
import test from 'ava';
import fc from 'fast-check';
import {config, pushBlob} from '../support/content.ts';
import {patience, tries} from '../support/properties.ts';
import {manifestCommands} from './manifest-commands.ts';
import {type ManifestModel, newManifestModel} from './manifest-model.ts';
import {startReal} from './real.ts';
import type {Real} from './upload-model.ts';

/** However slow the machine is. */
const least = 5;

test('whatever clients do to manifests and tags, the server agrees with a model', async (t) => {
  t.timeout(600_000);
  const {real, errors} = await startReal(t);
  const {push, ...rest} = manifestCommands;
  const restart = fc.constant<fc.AsyncCommand<ManifestModel, Real>>({
    check: () => true,
    run: async (_model, {restart: again}) => again(),
    toString: () => 'restart',
  });
  const commands = fc.commands<ManifestModel, Real, false>(
    [push, push, push, ...Object.values(rest), restart],
    {maxCommands: 60, size: 'max'},
  );
  let run = 0;
  const isLate = patience(10_000, least);
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      if (isLate()) return;
      run += 1;
      const name = `run${run}/a`;
      await pushBlob(real.server.api, name, config);
      await fc.asyncModelRun(() => ({model: newManifestModel(name), real}), sequence);
    }),
    tries(40),
  );
  t.log(`${run} sequences`);
  t.true(run >= tries(least).numRuns);
  await real.restart();
  t.deepEqual(errors, []);
});
