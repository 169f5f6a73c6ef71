/** People, teams, namespaces and what they did, as a large house has them: added to an index of content (large-index.ts). */
import BetterSqlite3 from 'better-sqlite3';
import {PasswordHasher} from '../src/auth/password-hash.ts';

export const password = 'password of the bench';
/** May see everything, and what two teams have. */
export const names = {admin: 'user-0', person: 'user-1'} as const;

/** In bulk, into a database that `fill` has made. */
export async function fillHouse(file: string, rows: number): Promise<void> {
  const hash = await new PasswordHasher().hash(password);
  const database = new BetterSqlite3(file);
  database.pragma('journal_mode = off');
  database.pragma('synchronous = off');
  database.exec('create temp table number (n integer primary key)');
  database.exec(
    `insert into number with recursive c(n) as (select 0 union all select n + 1 from c where n < ${rows - 1}) select n from c`,
  );
  const now = Date.now();
  for (const statement of [
    `insert into users (id, name, is_robot, provider, subject, is_admin, is_enabled, generation, created_at, updated_at, password_hash) select 'u' || n, 'user-' || n, 0, 'local', 'user-' || n, n = 0, 1, 0, ${now}, ${now}, case when n < 2 then '${hash}' end from number`,
    `insert into teams (id, name, description, is_personal, is_synced, created_at) select 't' || n, 'group-' || n, 'A team', 0, 0, ${now} from number`,
    `insert into memberships (team_id, user_id, role, created_at) select 't' || n, 'u' || n, 'owner', ${now} from number where n <> 1`,
    `insert into memberships (team_id, user_id, role, created_at) select 't' || n, 'u1', 'contributor', ${now} from number where n in (1, 7)`,
    `insert into namespaces (id, name, team_id, visibility, description, created_at) select 'n' || n, 'team-' || n, 't' || n, case n % 3 when 0 then 'private' when 1 then 'protected' else 'public' end, '', ${now} from number`,
    `insert into users (id, name, is_robot, provider, subject, is_admin, is_enabled, generation, created_at, updated_at, team_id) select 'r' || n, 'robot-' || n, 1, 'local', 'robot-' || n, 0, 1, 0, ${now}, ${now}, 't' || n from number`,
    `insert into activities (id, at, key, actor_kind, actor_id, actor_name, subject_kind, subject_name, namespace, namespace_id, repository, parameters) select printf('%020d', n), ${now} - ${rows} + n, case n % 2 when 0 then 'repository.push' else 'tag.delete' end, 'account', 'u' || (n % 50), 'user-' || (n % 50), 'repository', 'team-' || (n % 100) || '/service-1', 'team-' || (n % 100), 'n' || (n % 100), 'team-' || (n % 100) || '/service-1', '{}' from number`,
    `insert into claims (name, user_id, created_at) values ('first-admin', 'u0', ${now})`,
  ]) {
    database.exec(statement);
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  database.close();
}
