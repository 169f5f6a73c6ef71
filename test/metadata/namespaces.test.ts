import type {Database} from '../../src/metadata/database.ts';
import {
  createNamespace,
  deleteNamespace,
  findNamespace,
  findNamespaceByName,
  findNamespacesOf,
  listNamespaces,
  updateNamespace,
} from '../../src/metadata/namespaces.ts';
import {readRevision} from '../../src/metadata/revisions.ts';
import {findTeamByName} from '../../src/metadata/teams.ts';
import type {Visibility} from '../../src/metadata/words.ts';
import {freshOn, onEachEngine} from '../contract/engines.ts';
import {made, now, person, repositoryName} from './workbench.ts';

const rootTeam = async (db: Database['db']) => (await findTeamByName(db, 'root'))?.id ?? '';

const namespace = async (db: Database['db'], name: string, visibility: Visibility = 'private') => {
  const teamId = await rootTeam(db);
  return made(await createNamespace(db, {name: repositoryName(name), teamId, visibility, now}));
};

onEachEngine('a namespace has a name of its own, and a team that exists', async (t, engine) => {
  const db = await freshOn(t, engine);
  const one = await namespace(db, 'a/b');
  t.deepEqual(await findNamespace(db, one.id), one);
  t.deepEqual(await findNamespaceByName(db, 'a/b'), one);
  const next = {
    name: repositoryName('a/b'),
    teamId: one.teamId,
    visibility: 'public',
    now,
  } as const;
  t.is(await createNamespace(db, next), 'taken');
  const other = {...next, name: repositoryName('c'), teamId: 'none'};
  t.is(await createNamespace(db, other), 'unknown-team');
});

onEachEngine(
  'the namespaces around a repository are found, the longest first',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    for (const name of ['a', 'a/b/c', 'a/b/c/d', 'ab']) await namespace(db, name);
    for (const [repository, expected] of [
      ['a/b/c/d', ['a/b/c', 'a']],
      ['a/b/c', ['a']],
      ['a/b', ['a']],
      ['a', ['']],
      ['x', ['']],
      ['x/y', []],
      ['a/b/c/d/e/f', ['a/b/c/d', 'a/b/c', 'a']],
      ['ab/c', ['ab']],
      ['a'.concat('/a'.repeat(127)), ['a']],
    ] as const) {
      const found = await findNamespacesOf(db, repositoryName(repository));
      t.deepEqual(
        found.map(({name}) => name),
        expected,
        repository,
      );
    }
  },
);

onEachEngine(
  'namespaces are listed by pages, those that somebody may see alone',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    await person(db, 'ada');
    await namespace(db, 'open', 'public');
    await namespace(db, 'shut');
    const teamIds = [(await findTeamByName(db, 'user:ada'))?.id ?? ''];
    const names = async (query: Parameters<typeof listNamespaces>[1]) =>
      (await listNamespaces(db, query)).map(({name}) => name);
    t.deepEqual(await names({limit: 9}), ['', 'ada', 'open', 'shut']);
    t.deepEqual(await names({limit: 2, after: ''}), ['ada', 'open']);
    const all = {limit: 9} as const;
    t.deepEqual(await names({...all, anyOf: {teamIds, visibilities: ['public']}}), ['ada', 'open']);
    t.deepEqual(await names({...all, anyOf: {teamIds, visibilities: []}}), ['ada']);
    t.deepEqual(await names({...all, anyOf: {teamIds: [], visibilities: ['public']}}), ['open']);
    t.deepEqual(await names({...all, anyOf: {teamIds: [], visibilities: []}}), []);
  },
);

onEachEngine(
  'team, visibility and description of a namespace change, each alone',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    await person(db, 'ada');
    const {id} = await namespace(db, 'a');
    const teamId = (await findTeamByName(db, 'user:ada'))?.id;
    const before = await readRevision(db);
    t.is(await updateNamespace(db, {id, visibility: 'public'}), 'done');
    t.is(await updateNamespace(db, {id, description: 'words'}), 'done');
    t.is(await updateNamespace(db, {id, teamId}), 'done');
    t.like(await findNamespace(db, id), {visibility: 'public', description: 'words', teamId});
    t.is(await readRevision(db), before + 3);
    t.is(await updateNamespace(db, {id, teamId: 'none'}), 'unknown-team');
    t.is(await updateNamespace(db, {id: 'none'}), 'unknown');
  },
);

onEachEngine('a namespace is deleted, the root namespace is not', async (t, engine) => {
  const db = await freshOn(t, engine);
  const {id} = await namespace(db, 'a');
  t.is(await deleteNamespace(db, id), 'done');
  t.is(await deleteNamespace(db, id), 'unknown');
  t.is(await findNamespaceByName(db, 'a'), undefined);
  t.is(await deleteNamespace(db, (await findNamespaceByName(db, ''))?.id ?? ''), 'root');
});
