import test from 'ava';
import {startInProcess} from '../support/in-process.ts';

test('GET /v2/ answers 200 with an empty JSON object', async (t) => {
  const {api} = await startInProcess(t);
  const answer = await api.get('/v2/');
  t.is(answer.status, 200);
  t.deepEqual(answer.body, {});
});
