/** What people have said of repositories: descriptions, stars, comments. The repositories themselves lie in the storage. */
import {randomUUID} from 'node:crypto';
import type {Selectable} from 'kysely';
import {isRepositoryName} from '../../oci/name.ts';
import {descriptionRow} from '../content/notes.ts';
import {pathOf} from '../content/path.ts';
import type {CommentsTable, StarsTable} from '../content/schema.ts';
import {insertAll} from '../batches.ts';
import type {MovedPeople, Moving} from './moving.ts';
import type {MovedNamespaces} from './namespaces.ts';

/** Names here, by Portus' ids. */
export type MovedRepositories = ReadonlyMap<number, string>;

export async function moveRemarks(
  moving: Moving,
  people: MovedPeople,
  namespaces: MovedNamespaces,
): Promise<MovedRepositories> {
  const repositories = nameRepositories(moving, namespaces);
  await moveDescriptions(moving, repositories);
  await moveStars(moving, people, repositories);
  await moveComments(moving, people, repositories);
  return repositories;
}

function nameRepositories(
  {portus, findings}: Moving,
  namespaces: MovedNamespaces,
): MovedRepositories {
  const named = new Map<number, string>();
  for (const {id, name, namespaceId} of portus.repositories) {
    const namespace = namespaces.get(namespaceId);
    const full = namespace?.name === '' ? name : `${namespace?.name ?? ''}/${name}`;
    if (namespace !== undefined && isRepositoryName(full)) named.set(id, full);
    else findings.add('repository', name);
  }
  return named;
}

async function moveDescriptions(
  {db, portus, findings, tally, ledger, now}: Moving,
  repositories: MovedRepositories,
): Promise<void> {
  const present = await db
    .selectFrom('repository_descriptions')
    .select(['path', 'description'])
    .execute();
  const paths = new Map(present.map(({path, description}) => [path, description]));
  const rows = [];
  for (const {id, description} of portus.repositories) {
    const name = repositories.get(id);
    if (name === undefined || description.trim() === '') continue;
    if (ledger.find('description', id) !== undefined) {
      tally.add('descriptions', 'before');
      continue;
    }
    const path = pathOf(name);
    const other = paths.get(path);
    ledger.note('description', id);
    if (other !== undefined) {
      tally.add('descriptions', other === description ? 'before' : 'left');
      if (other !== description) findings.add('description-present', name);
      continue;
    }
    paths.set(path, description);
    rows.push(descriptionRow(path, {text: description, by: undefined, at: now}));
    tally.add('descriptions', 'taken');
  }
  await insertAll(db, 'repository_descriptions', rows);
}

async function moveStars(
  {db, portus, findings, tally, ledger, now}: Moving,
  people: MovedPeople,
  repositories: MovedRepositories,
): Promise<void> {
  const present = await db.selectFrom('stars').select(['path', 'user_id']).execute();
  const keys = new Set(present.map(({path, user_id}) => `${user_id} ${path}`));
  const rows: Selectable<StarsTable>[] = [];
  for (const {id, userId, repositoryId, createdAt} of portus.stars) {
    const [person, name] = [people.get(userId), repositories.get(repositoryId)];
    if (ledger.find('star', id) !== undefined) tally.add('stars', 'before');
    else if (person === undefined || name === undefined) {
      tally.add('stars', 'left');
      findings.count('star', 1);
    } else {
      const path = pathOf(name);
      const key = `${person.id} ${path}`;
      ledger.note('star', id);
      tally.add('stars', keys.has(key) ? 'before' : 'taken');
      if (!keys.has(key)) rows.push({path, user_id: person.id, created_at: createdAt ?? now});
      keys.add(key);
    }
  }
  await insertAll(db, 'stars', rows);
}

/** Of users who are not here they stay, under the name that these had. */
async function moveComments(
  {db, portus, findings, tally, ledger, now}: Moving,
  people: MovedPeople,
  repositories: MovedRepositories,
): Promise<void> {
  const usernames = new Map(portus.users.map(({id, username}) => [id, username]));
  const rows: Selectable<CommentsTable>[] = [];
  for (const {id, userId = -1, repositoryId, body, createdAt = now} of portus.comments) {
    const name = repositories.get(repositoryId);
    if (ledger.find('comment', id) !== undefined) tally.add('comments', 'before');
    else if (name === undefined || body.trim() === '') {
      tally.add('comments', 'left');
      findings.count('comment', 1);
    } else {
      const person = people.get(userId);
      const key = randomUUID();
      ledger.note('comment', id, key);
      tally.add('comments', 'taken');
      rows.push({
        id: key,
        path: pathOf(name),
        user_id: person?.id ?? null,
        author: person?.name ?? usernames.get(userId)?.slice(0, 255) ?? '',
        body,
        created_at: createdAt,
        updated_at: createdAt,
      });
    }
  }
  await insertAll(db, 'comments', rows);
}
