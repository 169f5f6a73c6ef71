/** docs/accounts.md: the table of who may do what is what tokens are issued for. */
import test, {type ExecutionContext} from 'ava';
import {decodeJwt} from 'jose';
import {z} from 'zod';
import {startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import {readPage} from '../support/page.ts';

const visibilities = ['private', 'protected', 'public'] as const;
/** Of the table's rows, by how they begin; absent: without an account. */
const callers: Readonly<Record<string, string | undefined>> = {
  'nobody in particular': undefined,
  'an account': 'stranger',
  viewer: 'viewer',
  contributor: 'contributor',
  owner: 'owner',
  admin: 'admin',
};

/** A row's first cell, and the others. */
async function rowsOfPage(): Promise<ReadonlyMap<string, readonly string[]>> {
  const [, table = ''] =
    /^\| who \|.*\n\|[-|]+\n((?:\|.*\n)+)/m.exec(await readPage('accounts.md')) ?? [];
  const rows = table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(rows.map(([, who = '', ...cells]) => [who, cells.slice(0, 5)]));
}

type Settings = Parameters<typeof startWithAccounts>[1];

async function startWorld(t: ExecutionContext, settings: Settings = {}): Promise<WithAccounts> {
  const holdfast = await startWithAccounts(t, settings);
  await holdfast.person('admin', {admin: 'yes'});
  for (const name of ['stranger', 'viewer', 'contributor', 'owner']) await holdfast.person(name);
  const members = {owner: 'owner', contributor: 'contributor', viewer: 'viewer'} as const;
  await holdfast.team('makers', members);
  for (const visibility of visibilities) {
    await holdfast.namespace(`of-${visibility}`, 'makers', visibility);
  }
  return holdfast;
}

const granted = z.array(z.object({name: z.string(), actions: z.array(z.string())}));

/** Pulls from private, protected and public, then push and delete, which the visibility must not change. */
async function rightsOf(
  t: ExecutionContext,
  holdfast: WithAccounts,
  name: string | undefined,
): Promise<readonly boolean[]> {
  const scopes = visibilities.map((each) => `repository:of-${each}/app:pull,push,delete`);
  const access = granted.parse(decodeJwt(await holdfast.token(name, ...scopes))['access']);
  const may = (action: string): readonly boolean[] =>
    visibilities.map(
      (each) =>
        access.find((scope) => scope.name === `of-${each}/app`)?.actions.includes(action) === true,
    );
  const others = ['push', 'delete'].map((action) => {
    const [first = false, ...rest] = may(action);
    t.true(
      rest.every((each) => each === first),
      `${name ?? ''} ${action}`,
    );
    return first;
  });
  return [...may('pull'), ...others];
}

for (const [title, settings, isDefault] of [
  ['as it is', {}, true],
  [
    'with the settings that it names',
    {auth: {anonymous: false}, namespaces: {contributorsDelete: true}} as const,
    false,
  ],
] as const) {
  test(`the table of who may do what is true, ${title}`, async (t) => {
    const holdfast = await startWorld(t, settings);
    const rows = await rowsOfPage();
    for (const [beginning, name] of Object.entries(callers)) {
      const [who, cells = []] = [...rows].find(([each]) => each.startsWith(beginning)) ?? [];
      const wanted = cells.map((cell) => {
        if (cell.startsWith('with ')) return !isDefault;
        return cell.startsWith('yes, unless') ? isDefault : cell === 'yes';
      });
      t.is(wanted.length, 5, who);
      if (name === undefined && !isDefault) {
        await holdfast.api.get('/auth/token').expect(401);
        t.false(wanted.includes(true), who);
      } else t.deepEqual(await rightsOf(t, holdfast, name), wanted, who);
    }
  });
}
