/** What takes something away ends what was issued for it, or nothing happens. */
import {sql} from 'kysely';
import test from 'ava';
import {operator} from '../../src/auth/administration/actor.ts';
import type {AdministrationContext} from '../../src/auth/administration/context.ts';
import {operations} from '../../src/auth/administration/operations.ts';
import {freshDatabase, person} from '../metadata/workbench.ts';
import {contextOf} from './administration-context.ts';

async function contents({db}: AdministrationContext): Promise<unknown> {
  return Promise.all([
    db.selectFrom('memberships').selectAll().orderBy('user_id').orderBy('team_id').execute(),
    db.selectFrom('namespaces').selectAll().orderBy('name').execute(),
    db.selectFrom('application_tokens').selectAll().execute(),
    db.selectFrom('users').select(['name', 'generation']).orderBy('name').execute(),
  ]);
}

const member = {team: 'makers', user: 'bert'};

for (const [name, input] of [
  ['team set-role', {...member, role: 'viewer'}],
  ['team remove-member', member],
  ['namespace set-team', {name: 'tools', team: 'others'}],
  ['namespace delete', {name: 'tools'}],
  ['app-token delete', {user: 'bert', name: 'ci'}],
] as const) {
  test(`${name} changes nothing where it can't end what was issued before`, async (t) => {
    const context = contextOf(await freshDatabase(t));
    const perform = async (operation: string, given: object) =>
      operations.get(operation)?.perform(context, operator, given);
    for (const user of ['anna', 'bert']) await person(context.db, user);
    await perform('team create', {name: 'makers', owner: 'anna'});
    await perform('team create', {name: 'others', owner: 'anna'});
    await perform('team add-member', {...member, role: 'contributor'});
    await perform('namespace create', {name: 'tools', team: 'makers'});
    await perform('app-token create', {user: 'bert', name: 'ci'});
    const before = await contents(context);
    await sql`
      create trigger broken before update of generation on users
      begin select raise(abort, 'no'); end
    `.execute(context.db);

    await t.throwsAsync(perform(name, input), {name: 'MetadataError'});

    t.deepEqual(await contents(context), before);
    await sql`drop trigger broken`.execute(context.db);
    await perform(name, input);
    t.notDeepEqual(await contents(context), before);
  });
}

for (const name of ['admin', 'sysinv']) {
  test(`a local ${name} is refused where the rules of StarlingX give rights to the one of Keystone`, async (t) => {
    const starlingx = {policy: 'starlingx'};
    const keystone = {url: 'https://keystone.example.org/v3'};
    const db = await freshDatabase(t);
    const create = async (settings: object, user: string) =>
      operations
        .get('user create')
        ?.perform(contextOf(db, settings), operator, {name: user, password: 'correct horse'});
    const settings = {namespaces: starlingx, auth: {keystone}};
    await t.throwsAsync(create(settings, name), {
      message: `${name} is somebody in Keystone already, and gets an account by logging in; give another name`,
    });
    await t.notThrowsAsync(create(settings, 'anna'));
    await t.notThrowsAsync(create({namespaces: starlingx}, name));
  });
}
