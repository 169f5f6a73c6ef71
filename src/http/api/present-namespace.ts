/** Namespaces as the API shows them, with what the caller may do there. */
import {z} from 'zod';
import type {AdministrationContext} from '../../auth/administration/context.ts';
import {namespaceTitle} from '../../auth/administration/namespace-title.ts';
import {decide} from '../../auth/authorize.ts';
import {factSources} from '../../auth/fact-sources.ts';
import {policyOf, readFacts} from '../../auth/facts.ts';
import {repositoryScope} from '../../auth/rights.ts';
import {
  countRepositoriesOf,
  countWebhooksOf,
  teamsWithOwners,
} from '../../metadata/namespace-counts.ts';
import {findTeams} from '../../metadata/team-pages.ts';
import type {Namespace} from '../../metadata/namespaces.ts';
import type {Statistics} from '../../registry/statistics.ts';
import {visibilities} from '../../metadata/words.ts';
import type {Asker} from './asker.ts';
import {accountOf, time, timeText} from './fields.ts';
import {role} from './present-team.ts';
import type {Sight} from './sight.ts';

export const visibility = z.enum(visibilities, `must be one of ${visibilities.join(', ')}`);

export const namespaceAnswer = z
  .strictObject({
    id: z.string(),
    name: z.string().describe('`/`: that of names without a slash.'),
    description: z.string(),
    visibility,
    global: z.boolean().describe('Whether it is that of names without a slash.'),
    team: z.strictObject({id: z.string(), name: z.string(), hidden: z.boolean()}),
    is_personal: z.boolean().describe('Whether its team is that of one person.'),
    is_orphan: z.boolean().describe('Whether its team has no owner who can log in.'),
    repositories_count: z
      .number()
      .describe('Of those that belong to it, and to no other one within it.'),
    bytes: z
      .number()
      .nullable()
      .describe('Of what they hold, each blob once; null: not counted yet.'),
    webhooks_count: z.number().nullable().describe('Null: not for whoever may not see them.'),
    updatable: z.boolean().describe('Whether you may change it.'),
    permissions: z
      .strictObject({
        role: role.nullable().describe('What you are in its team.'),
        pull: z.boolean(),
        push: z.boolean(),
        visibility: z.boolean().describe('Whether you may change who else may pull.'),
      })
      .describe('What you may do there.'),
    created_at: time,
    updated_at: time.describe('As `created_at`, for clients of Portus: no changes are noted.'),
  })
  .meta({id: 'Namespace', description: 'What stands before the last part of the names of images.'});

/** What was counted last. */
export type Counted = Pick<Statistics, 'latest'>;

export async function presentNamespaces(
  context: AdministrationContext & {readonly counted: Counted},
  asker: Asker,
  {roles}: Pick<Sight, 'roles'>,
  namespaces: readonly Namespace[],
): Promise<readonly z.output<typeof namespaceAnswer>[]> {
  const {db, config} = context;
  const {isAdmin} = accountOf(asker);
  const teams = await findTeams(db, [...new Set(namespaces.map(({teamId}) => teamId))]);
  const owned = await teamsWithOwners(db, [...teams.keys()]);
  const repositories = await countRepositoriesOf(
    db,
    namespaces.map(({name}) => name),
  );
  const webhooks = await countWebhooksOf(
    db,
    namespaces.map(({id}) => id),
  );
  const sums = context.counted.latest()?.namespaces;
  const may = await rightsIn(context, asker, namespaces);
  return namespaces.map((namespace) => {
    const {id, name, teamId, description, visibility: seen, createdAt} = namespace;
    const own = roles.get(teamId);
    const lets = (isLet: boolean): boolean =>
      asker.isWhole && (isAdmin || (own === 'owner' && isLet));
    const team = teams.get(teamId);
    return {
      id,
      name: namespaceTitle(name),
      description,
      visibility: seen,
      global: name === '',
      team: {id: teamId, name: team?.name ?? '', hidden: team?.isPersonal ?? false},
      is_personal: team?.isPersonal ?? false,
      is_orphan: !owned.has(teamId),
      repositories_count: repositories.get(name) ?? 0,
      bytes: sums?.get(name)?.bytes ?? null,
      webhooks_count: lets(config.permissions.manageWebhooks) ? (webhooks.get(id) ?? 0) : null,
      updatable: lets(config.permissions.manageNamespaces),
      permissions: {
        role: own ?? null,
        pull: may(name, 'pull'),
        push: may(name, 'push'),
        visibility: lets(config.permissions.changeVisibility),
      },
      created_at: timeText(createdAt),
      updated_at: timeText(createdAt),
    };
  });
}

/** As if asked for a repository in each of them, by the one rule there is. */
async function rightsIn(
  {db, config, isOccupied}: AdministrationContext,
  asker: Asker,
  namespaces: readonly Namespace[],
): Promise<(namespace: string, action: 'pull' | 'push') => boolean> {
  const account = accountOf(asker);
  const inside = (name: string): string => (name === '' ? 'x' : `${name}/x`);
  const scopes = namespaces.map(({name}) => repositoryScope(inside(name), 'pull', 'push'));
  const reader = {sources: factSources(db, isOccupied), policy: policyOf(config)};
  const {granted} = decide(await readFacts(reader, account, scopes, true), account, scopes);
  const actions = new Map(granted.map(({name, actions: each}) => [name, each]));
  return (namespace, action) => actions.get(inside(namespace))?.includes(action) === true;
}
