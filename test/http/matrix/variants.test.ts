/** What settings change of the tables. */
import test from 'ava';
import {visibilities} from './callers.ts';
import {compare} from './compare.ts';
import {variants} from './variants.ts';
import {openWorld} from './world.ts';

for (const [what, {settings, tables}] of Object.entries(variants)) {
  test(`with ${what} the routes answer as its tables say`, async (t) => {
    const wanted = visibilities.filter((visibility) => visibility in tables);
    await compare(t, await openWorld(t, settings, wanted), tables);
  });
}
