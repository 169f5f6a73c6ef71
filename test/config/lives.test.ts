import test from 'ava';
import {configSchema} from '../../src/config/schema.ts';

for (const settings of [
  {auth: {lockFor: '36501d'}},
  {token: {refreshExpiresIn: '99999999999999999999d'}},
  {token: {uploadLease: '876001h'}},
]) {
  test(`a time that no calendar has is refused: ${JSON.stringify(settings)}`, (t) => {
    t.false(configSchema.safeParse(settings).success);
  });
}

test('a hundred years is no fault', (t) => {
  t.true(configSchema.safeParse({token: {refreshExpiresIn: '36500d'}}).success);
});
