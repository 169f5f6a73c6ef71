import type {ExecutionContext} from 'ava';

/** Compares as fast as memory goes: what shows where two values differ takes a second for each million bytes. */
export function sameBytes(
  t: ExecutionContext,
  actual: unknown,
  expected: Buffer | undefined,
): void {
  if (!Buffer.isBuffer(actual)) {
    t.fail('there are no bytes');
    return;
  }
  t.is(actual.byteLength, expected?.byteLength ?? -1);
  t.true(expected && actual.equals(expected), 'the bytes are the same');
}
