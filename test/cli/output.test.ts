import test from 'ava';
import {moment, print, table} from '../../src/cli/output.ts';

test('a list of 700,000 rows is a table', (t) => {
  const lines = table(['N'], Array<readonly [string]>(700_000).fill(['user'])).split('\n');
  t.is(lines.length, 700_001);
  t.deepEqual(lines.slice(0, 2), ['N', 'user']);
});

test('a time says that it is UTC', (t) => {
  t.is(moment('2026-11-25T23:47:12.000Z'), '2026-11-25 23:47Z');
  t.is(moment(undefined), undefined);
});

test('what is printed for people does not steer their terminal, and JSON has it as it is', (t) => {
  const name = 'a\u001B[2J\nb';
  let text = '';
  const write = (output: string): void => void (text += output);
  print({name}, {}, () => name, write);
  t.is(text, 'a\uFFFD[2J\nb\n');
  text = '';
  print({name}, {json: true}, () => name, write);
  t.deepEqual(JSON.parse(text), {name});
});
