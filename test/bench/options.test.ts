import test from 'ava';
import {bench} from './bench.ts';

for (const [words, exitCode, message] of [
  [['--fast'], 2, /unknown option '--fast'/],
  [['now'], 2, /too many arguments/],
  [['--rounds', '0'], 2, /whole number from 1 to 999/],
  [['--targets', 'holdfast,harbor'], 2, /There is no 'harbor'/],
  [['--target', 'mine'], 2, /NAME=URL or NAME=DIRECTORY/],
  [['--target', 'mine=ftp://127.0.0.1'], 1, /neither http:\/\/ nor https:\/\//],
  [['--target', 'mine=/nowhere'], 1, /\/nowhere is no built Holdfast/],
  [['--only', '('], 2, /Invalid regular expression/],
  [['--only', 'nothing-of-that-name'], 1, /--only matches nothing; see --list/],
  [['--render', '/nowhere.json'], 1, /ENOENT/],
] as const) {
  test.serial(`${words.join(' ')} is refused, and the reason is told`, async (t) => {
    const ended = await bench('--quick', ...words);

    t.is(ended.exitCode, exitCode);
    t.regex(ended.stderr, message);
  });
}

test.serial('--list names every measurement and every registry', async (t) => {
  const {exitCode, stdout} = await bench('--list');

  t.is(exitCode, 0);
  t.regex(
    stdout,
    /^registries: holdfast holdfast-accounts docker-registry distribution olareg null$/m,
  );
  for (const id of [
    'push/1x1GiB/https',
    'pull/500x16KiB/http',
    'accounts/base/1',
    'list/catalog',
  ]) {
    t.true(stdout.split('\n').includes(id), id);
  }
});

test.serial('--help shows examples', async (t) => {
  const {exitCode, stdout} = await bench('--help');

  t.is(exitCode, 0);
  t.regex(stdout, /npm run bench -- --quick/);
});
