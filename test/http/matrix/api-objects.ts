/** What the API is asked for: of each kind one for each caller, so that nobody takes away what another asks for. */
import {createPerson, createRobot} from '../../../src/metadata/accounts.ts';
import {createApplicationToken} from '../../../src/metadata/application-tokens.ts';
import {endpointOf} from '../../../src/metadata/events/webhooks.ts';
import {addMember} from '../../../src/metadata/memberships.ts';
import {createSession} from '../../../src/metadata/sessions.ts';
import {findNamespaceByName} from '../../../src/metadata/namespaces.ts';
import {parseUserName, type UserName} from '../../../src/oci/user-name.ts';
import type {WithAccounts} from '../../support/accounts.ts';
import {type Caller, callers} from './callers.ts';

/** Names, but for the token, the session, the webhooks and the delivery, which have ids. */
export const objectsOf = (caller: Caller) =>
  ({
    user: `user-of-${caller}`,
    doomedUser: `doomed-user-of-${caller}`,
    doomedToken: `token-of-${caller}`,
    doomedSession: `session-of-${caller}`,
    team: `team of ${caller}`,
    doomedTeam: `doomed team of ${caller}`,
    member: `member-of-${caller}`,
    doomedMember: `doomed-member-of-${caller}`,
    namespace: `space-of-${caller}`,
    doomedNamespace: `doomed-space-of-${caller}`,
    robot: `robot-of-${caller}`,
    doomedRobot: `doomed-robot-of-${caller}`,
    webhook: `webhook-of-${caller}`,
    doomedWebhook: `doomed-webhook-of-${caller}`,
    delivery: `delivery-of-${caller}`,
  }) as const;

/** Teams with the members of the matrix, and in them the rest. */
export async function makeObjects(holdfast: WithAccounts): Promise<void> {
  for (const caller of callers) await makeFor(holdfast, caller);
}

async function makeFor(holdfast: WithAccounts, caller: Caller): Promise<void> {
  const {db} = holdfast;
  const now = Date.now();
  const names = objectsOf(caller);
  const {user, doomedUser, member, doomedMember} = names;
  const ids = new Map<string, string>();
  for (const name of [user, doomedUser, member, doomedMember]) {
    const made = await createPerson(db, {name: nameOf(name), now});
    if (typeof made !== 'string') ids.set(name, made.id);
  }
  const usual = {
    owner: 'owner',
    disabled: 'owner',
    contributor: 'contributor',
    robot: 'contributor',
    viewer: 'viewer',
  } as const;
  // Whatever happens to the teams of others ends no session of his.
  const roles = caller === 'foreign' ? ({foreign: 'owner'} as const) : usual;
  await holdfast.team(names.doomedTeam, roles);
  const {id: teamId} = await holdfast.team(names.team, roles);
  for (const name of [member, doomedMember]) {
    await addMember(db, {teamId, userId: ids.get(name) ?? '', role: 'viewer', now});
  }
  for (const name of [names.namespace, names.doomedNamespace]) {
    await holdfast.namespace(name, names.team);
  }
  for (const name of [names.robot, names.doomedRobot]) {
    await createRobot(db, {name: nameOf(name), teamId, role: 'viewer', now});
  }
  const space = await findNamespaceByName(db, names.namespace);
  for (const id of [names.webhook, names.doomedWebhook]) {
    await db
      .insertInto('webhooks')
      .values({
        id,
        namespace_id: space?.id ?? '',
        name: id,
        url: 'https://ci.example.org/',
        method: 'post',
        content_type: 'json',
        headers: '[]',
        // Nobody is told anything.
        is_enabled: 0,
        created_at: now,
      })
      .execute();
  }
  await db
    .insertInto('deliveries')
    .values({
      id: names.delivery,
      endpoint: endpointOf(names.webhook),
      seq: 0,
      path: names.namespace,
      action: 'push',
      state: 'failed',
      attempts: 1,
      refusals: 1,
      due_at: now,
      created_at: now,
      finished_at: now,
    })
    .execute();
  const token = {id: names.doomedToken, userId: ids.get(user) ?? '', name: 'doomed', hash: '-'};
  await createApplicationToken(db, {...token, isPullOnly: false, now});
  const session = {id: names.doomedSession, userId: ids.get(user) ?? '', hash: '-', generation: 0};
  await createSession(db, {...session, provider: 'local', now, expiresAt: now + 3_600_000});
}

function nameOf(text: string): UserName {
  const name = parseUserName(text);
  if (name === undefined) throw new Error(`${text} is no name`);
  return name;
}
