/** The thread that looks at the storage gives parts, and keeps none. */
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import test, {type ExecutionContext} from 'ava';
import type {Sight} from '../../../src/registry/index/survey.ts';
import {SurveyThread} from '../../../src/registry/index/survey-thread.ts';
import {startInProcess} from '../../support/in-process.ts';
import {pushImage} from '../../support/content.ts';

async function surveyOf(t: ExecutionContext, names: readonly string[]) {
  const server = await startInProcess(t);
  for (const name of names) await pushImage(server.api, name, {tag: 'v1'});
  await server.stop();
  const survey = new SurveyThread({root: `${server.dataDir}/registry`, exclusiveCreate: 'link'});
  t.teardown(() => {
    survey.close();
  });
  return survey;
}

test('what a part has told is given back before the end of the walk', async (t) => {
  const survey = await surveyOf(t, ['a', 'b', 'c', 'd']);
  const walk = survey.walk('', () => 1);
  const next = async (): Promise<WeakRef<readonly Sight[]>> => {
    const {value} = (await walk.next()) as IteratorYieldResult<readonly Sight[]>;
    t.is(value.length, 1);
    return new WeakRef(value);
  };
  const parts = [await next(), await next(), await next(), await next()];
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // What a turn of the event loop has looked at lives until its end.
  await new Promise(setImmediate);
  collect();
  t.deepEqual(
    parts.map((part) => part.deref() === undefined),
    [true, true, true, false],
  );
});

test('who waits for a part is told when the look is ended, and so is who asks later', async (t) => {
  const survey = await surveyOf(t, ['a']);
  const walk = survey.walk('', () => 1);
  const first = walk.next();
  survey.close();
  await t.throwsAsync(first, {message: 'the look at the storage was ended'});
  await t.throwsAsync(survey.ask([]), {message: 'the look at the storage was ended'});
});
