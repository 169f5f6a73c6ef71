/** For how long a node is held to have been silent. */
import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {HolderWatch} from '../../src/cluster/holder-watch.ts';

/** In milliseconds. */
const slowly = 60;

/** Nodes that say what they are told to, in looks that take long. */
function watchOf(say: () => string) {
  const common = {node: {name: 'a'}, hostname: 'a', pid: 1, state: 'unknown'} as const;
  return new HolderWatch({
    holders: async () => {
      const beat = say();
      await setTimeout(slowly);
      return [{...common, epoch: 1, beat}];
    },
  });
}

test('the time that a look takes is no silence of whom it looks for', async (t) => {
  const watch = watchOf(() => 'the same');
  const begin = performance.now();
  t.is((await watch.look())[0]?.silentFor, 0);
  const looking = watch.look();
  // From the end of the first, which took long, to the begin of the second; timers may be early by one.
  const longest = performance.now() - begin - (slowly - 1);
  const [first] = await looking;
  t.true((first?.silentFor ?? Infinity) <= longest, `${first?.silentFor ?? 0} of ${longest} ms`);
  await setTimeout(slowly);
  const [second] = await watch.look();
  t.true((second?.silentFor ?? 0) >= 2 * (slowly - 1), `${second?.silentFor ?? 0} ms`);
});

test('another word ends the silence', async (t) => {
  let word = 0;
  const watch = watchOf(() => String((word += 1)));
  for (let look = 0; look < 3; look += 1) t.is((await watch.look())[0]?.silentFor, 0);
});
