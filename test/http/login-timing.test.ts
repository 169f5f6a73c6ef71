/** Nobody learns by a clock who has an account: over HTTP, and on every way by which a password comes in. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {line} from '../auth/providers/htpasswd-file.ts';
import {basic, passwordOf, startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {WebClient} from '../support/web-client.ts';

const [fewest, most] = [5, 40];
/** What a hash that is left out exceeds many times, and chance does not. */
const alike = 2.5;
const names = ['anna', 'bert', 'ci', 'nobody'];

type Ask = (username: string, password: string) => Promise<number>;

const ways: Readonly<Record<string, (holdfast: WithAccounts) => Ask>> = {
  'GET /auth/token': (holdfast) => async (username, password) =>
    (await holdfast.as(basic(username, password)).get('/auth/token?service=holdfast')).status,
  'POST /auth/token': (holdfast) => async (username, password) => {
    const form = {grant_type: 'password', service: 'holdfast', client_id: 'x', username, password};
    return (await holdfast.api.post('/auth/token').type('form').send(form)).status;
  },
  'GET /v2/ with Basic': (holdfast) => async (username, password) =>
    (await holdfast.as(basic(username, password)).get('/v2/')).status,
  'POST /api/v1/session, as the page of the sign-in asks':
    (holdfast) => async (username, password) =>
      (await new WebClient().ask('POST', `${holdfast.url}/api/v1/session`, {username, password}))
        .status,
};

const median = (times: readonly number[]): number =>
  times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? 0;

/** How many times as long as the fastest name the slowest takes; all names take turns, so that what disturbs disturbs them all. */
async function spread(ask: Ask): Promise<number> {
  const times = new Map<string, number[]>(names.map((name) => [name, []]));
  const ratio = (): number => {
    const medians = [...times.values()].map(median);
    return Math.max(...medians) / Math.min(...medians);
  };
  for (const name of names) await ask(name, 'to get warm');
  for (let round = 0; round < fewest || (round < most && ratio() >= alike); round += 1) {
    for (const [index] of names.entries()) {
      const name = names[(index + round) % names.length] ?? '';
      const start = performance.now();
      const status = await ask(name, `wrong password ${round}`);
      times.get(name)?.push(performance.now() - start);
      if (status !== 401) throw new Error(`${name} is answered ${status}`);
    }
  }
  return ratio();
}

for (const [way, asking] of Object.entries(ways)) {
  test.serial(`by ${way} a name that nobody has takes as long as a wrong password`, async (t) => {
    // Of two sources, the second of which costs several times as much, so that it shows whether it was asked.
    const file = join(await temporaryDirectory(t), 'htpasswd');
    await writeFile(file, await line('bert', 'battery staple', 10));
    const holdfast = await startWithAccounts(t, {
      auth: {failures: 1000, attemptsPerMinute: 100_000, htpasswd: file},
    });
    await holdfast.person('anna');
    await holdfast.team('crew', {anna: 'owner'});
    await holdfast.robot('ci', 'crew', 'contributor');
    const ratio = await spread(asking(holdfast));
    t.log(ratio);
    t.true(ratio < alike, String(ratio));
    t.true((await asking(holdfast)('anna', passwordOf('anna'))) < 400);
  });
}
