/** Lists of the members of a team as a client wants them. */
import type {Kysely} from 'kysely';
import {countedPage} from './counted-page.ts';
import type {Counted, SortedPage} from './page.ts';
import type {Schema} from './schema.ts';
import type {Role} from './words.ts';

/** A member with what is said of him. */
export interface ShownMember {
  readonly userId: string;
  readonly userName: string;
  readonly displayName: string | undefined;
  readonly isRobot: boolean;
  readonly isAdmin: boolean;
  readonly role: Role;
  readonly createdAt: number;
}

const memberColumns = {
  username: 'users.name',
  role: 'memberships.role',
  created_at: 'memberships.created_at',
} as const;

const members = (db: Kysely<Schema>) =>
  db.selectFrom('memberships').innerJoin('users', 'users.id', 'memberships.user_id');

const shown = [
  'users.id as userId',
  'users.name as userName',
  'users.display_name as displayName',
  'users.is_robot as isRobot',
  'users.is_admin as isAdmin',
  'memberships.role as role',
  'memberships.created_at as createdAt',
] as const;

interface Row extends Pick<ShownMember, 'userId' | 'userName' | 'role' | 'createdAt'> {
  readonly displayName: string | null;
  readonly isRobot: number;
  readonly isAdmin: number;
}

const toMember = ({displayName, isRobot, isAdmin, ...row}: Row): ShownMember => ({
  ...row,
  displayName: displayName ?? undefined,
  isRobot: isRobot === 1,
  isAdmin: isAdmin === 1,
});

export async function pageOfMembers(
  db: Kysely<Schema>,
  page: SortedPage<keyof typeof memberColumns> & {readonly teamId: string},
): Promise<Counted<ShownMember>> {
  const query = members(db).where('memberships.team_id', '=', page.teamId);
  const {items, total} = await countedPage(query, {
    page,
    columns: memberColumns,
    tie: 'users.name',
    select: (all) => all.select(shown),
  });
  return {items: items.map(toMember), total};
}

export async function findMember(
  db: Kysely<Schema>,
  {teamId, userId}: {readonly teamId: string; readonly userId: string},
): Promise<ShownMember | undefined> {
  const query = members(db)
    .where('memberships.team_id', '=', teamId)
    .where('memberships.user_id', '=', userId);
  const row = await query.select(shown).executeTakeFirst();
  return row && toMember(row);
}
