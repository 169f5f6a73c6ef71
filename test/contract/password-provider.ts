/** What every PasswordProvider promises. Call it once for each way to open one: it registers the tests. */
import test, {type ExecutionContext} from 'ava';
import type {PasswordProvider} from '../../src/auth/ports.ts';
import {testUnless} from '../support/test-with.ts';

/** By name. */
export type Passwords = Readonly<Record<string, string>>;

const never = new AbortController().signal;
const notAccepted = {outcome: 'not-accepted'};
const rejected = {outcome: 'rejected', reason: 'bad-credentials'};

const awkward = [
  'a:b:c',
  '100%41',
  'say "x"',
  'pässwörd',
  '密码🔑',
  ' spaces ',
  "'; --",
  '\\',
  '$2y$',
];

interface Circumstances {
  /** Why it can't be run here. */
  readonly missing?: readonly string[];
  /** Whether it knows an unknown name from a wrong password. */
  readonly tellsNames?: boolean;
  /** How many logins it is asked for at once. */
  readonly atOnce?: number;
}

/** `open` gives each test a provider that knows these names, and registers what closes it. */
export function passwordProviderContract(
  open: (t: ExecutionContext, passwords: Passwords) => Promise<PasswordProvider>,
  {missing = [], tellsNames = true, atOnce = 100}: Circumstances = {},
): void {
  const wrong = tellsNames ? rejected : notAccepted;
  const promise = (title: string, implementation: (t: ExecutionContext) => Promise<void>): void => {
    if (missing.length > 0) testUnless(missing, title, implementation);
    else test(title, implementation);
  };

  promise('the right password is accepted, with the same subject each time', async (t) => {
    const provider = await open(t, {anna: 'correct horse'});
    const credentials = {username: 'anna', password: 'correct horse'};
    const first = await provider.login(credentials, never);
    t.like(first, {outcome: 'accepted', identity: {provider: provider.id, username: 'anna'}});
    t.deepEqual(await provider.login(credentials, never), first);
  });

  promise(
    'a wrong password is not accepted, and an unknown name left to the next provider',
    async (t) => {
      const provider = await open(t, {anna: 'correct horse', bert: 'battery staple'});
      for (const password of [
        'battery staple',
        'correct hors',
        'correct horse ',
        'Correct horse',
      ]) {
        t.deepEqual(await provider.login({username: 'anna', password}, never), wrong, password);
      }
      for (const username of ['carla', 'Anna', ' anna', 'anna ', 'ann', '*', 'anna)(uid=*']) {
        const credentials = {username, password: 'correct horse'};
        t.deepEqual(await provider.login(credentials, never), notAccepted, username);
      }
    },
  );

  promise(
    'passwords with : % " and of any script are accepted as they are, and no other in their place',
    async (t) => {
      const passwords = Object.fromEntries(
        awkward.map((password, index) => [`user${index}`, password]),
      );
      const provider = await open(t, passwords);
      for (const [username, password] of Object.entries(passwords)) {
        t.like(await provider.login({username, password}, never), {outcome: 'accepted'}, password);
        const other = encodeURIComponent(password) + '.';
        t.deepEqual(await provider.login({username, password: other}, never), wrong, other);
      }
    },
  );

  promise(
    'an empty password, one with a NUL, half a character and 4 KiB are not accepted',
    async (t) => {
      const provider = await open(t, {anna: 'a', bert: '\uFFFD'});
      for (const [username, password] of [
        ['anna', ''],
        ['anna', '\0'],
        ['anna', 'a\0'],
        ['anna', 'a\0a'],
        ['bert', '\uD800'],
        ['anna', 'a'.repeat(4097)],
        ['anna', 'a'.repeat(1_000_000)],
      ] as const) {
        const result = await provider.login({username, password}, never);
        t.deepEqual(result, wrong, JSON.stringify(password.slice(0, 5)));
      }
    },
  );

  promise('names that mean something to a program are unknown like others', async (t) => {
    const provider = await open(t, {anna: 'correct horse'});
    for (const username of [
      '',
      '__proto__',
      'constructor',
      'anna\0',
      'anna\n',
      '../anna',
      '#',
      'anna:correct horse',
      'x'.repeat(100_000),
    ]) {
      const result = await provider.login({username, password: 'correct horse'}, never);
      t.deepEqual(result, notAccepted, JSON.stringify(username.slice(0, 20)));
    }
  });

  promise(`${atOnce} logins at once are answered each for itself`, async (t) => {
    const provider = await open(t, {anna: 'correct horse', bert: 'battery staple'});
    const asked = Array.from({length: atOnce}, (_, index) => ({
      username: index % 2 === 0 ? 'anna' : 'bert',
      password: index % 3 === 0 ? 'correct horse' : 'battery staple',
    }));
    const results = await Promise.all(asked.map((one) => provider.login(one, never)));
    for (const [index, {outcome}] of results.entries()) {
      const isRight = (index % 2 === 0) === (index % 3 === 0);
      t.is(outcome === 'accepted', isRight, String(index));
    }
  });

  promise('whoever has gone gets no answer, and keeps nobody waiting', async (t) => {
    const provider = await open(t, {anna: 'correct horse'});
    const gone = new Error('gone');
    const signal = AbortSignal.abort(gone);
    const credentials = {username: 'anna', password: 'correct horse'};
    t.is(await t.throwsAsync(provider.login(credentials, signal)), gone);
    t.like(await provider.login(credentials, never), {outcome: 'accepted'});
  });

  promise('it can be checked, and pretends for known and unknown names', async (t) => {
    const provider = await open(t, {anna: 'correct horse'});
    await t.notThrowsAsync(provider.check(never));
    for (const username of ['anna', 'carla']) {
      for (const password of ['correct horse', '']) {
        await t.notThrowsAsync(async () => provider.pretend?.({username, password}, never));
      }
    }
  });
}
