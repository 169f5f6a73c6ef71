/** Portus' application tokens go on as they are: their hashes are bcrypt's, until each is used for the first time. */
import {randomUUID} from 'node:crypto';
import type {Selectable} from 'kysely';
import {isUsableBcrypt} from '../bcrypt-form.ts';
import type {ApplicationTokensTable} from '../schema.ts';
import {insertAll} from '../batches.ts';
import type {MovedPeople, Moving} from './moving.ts';
import {tokenNameFor} from './names.ts';

export async function moveTokens(moving: Moving, people: MovedPeople): Promise<void> {
  const {db, portus, findings, tally, ledger, now} = moving;
  const present = await db.selectFrom('application_tokens').select(['user_id', 'name']).execute();
  const names = new Map<string, Set<string>>();
  const namesOf = (userId: string): Set<string> => {
    const known = names.get(userId) ?? new Set();
    names.set(userId, known);
    return known;
  };
  for (const {user_id, name} of present) namesOf(user_id).add(name);
  const rows: Selectable<ApplicationTokensTable>[] = [];
  for (const {id, userId, application, hash, createdAt} of portus.tokens) {
    const person = people.get(userId);
    if (ledger.find('token', id) !== undefined) {
      tally.add('tokens', 'before');
      continue;
    }
    if (person === undefined || !isUsableBcrypt(hash)) {
      tally.add('tokens', 'left');
      if (person === undefined) findings.add('token', application);
      else findings.add('token-hash', `${application} of ${person.name}`);
      continue;
    }
    const taken = namesOf(person.id);
    const name = tokenNameFor(application, taken);
    if (name !== application) {
      findings.add('token-renamed', `${application} of ${person.name} -> ${name}`);
    }
    taken.add(name);
    const key = randomUUID();
    ledger.note('token', id, key);
    tally.add('tokens', 'taken');
    rows.push({
      id: key,
      user_id: person.id,
      name,
      hash,
      namespaces: null,
      is_pull_only: 0,
      expires_at: null,
      created_at: createdAt ?? now,
      last_used_at: null,
    });
  }
  await insertAll(db, 'application_tokens', rows);
}
