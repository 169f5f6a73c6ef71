import test from 'ava';
import {cutBetween, Ledger, possible} from './ledger.ts';

test('where the power was cut between two moments, what was answered before the first is certain, and what was sent before the second possible', async (t) => {
  let now = 0;
  const ledger = new Ledger(() => now);
  const answer = async () => Promise.resolve({status: 201, headers: {}, body: Buffer.alloc(0)});
  for (const value of ['one', 'two', 'three', 'four']) {
    now += 10;
    const sending = ledger.sets({path: value}, answer, 201);
    now += 5;
    await sending;
  }
  // Sent at 10, 25, 40 and 55, answered five later each.
  const found = (first: number, second: number) => [
    ...possible(cutBetween(ledger, first, second).settings.get('path') ?? [], Number.MAX_VALUE),
  ];
  t.deepEqual(found(15, 25), ['one']);
  t.deepEqual(found(16, 26), ['one', 'two']);
  t.deepEqual(found(30, 50), ['two', 'three']);
  t.deepEqual(found(99, 99), ['four']);
});
