/** Operations on robots: accounts of a team, which log in with application tokens alone. */
import {z} from 'zod';
import {createRobot, deleteUser, setEnabled} from '../../metadata/accounts.ts';
import {createApplicationToken} from '../../metadata/application-tokens.ts';
import {addMember, changeRole, findRole} from '../../metadata/memberships.ts';
import {changing} from '../../metadata/revisions.ts';
import {findTeam} from '../../metadata/teams.ts';
import {listUsers, updateUser, type User} from '../../metadata/users.ts';
import {createSecretToken} from '../secret-token.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {after, anyTeamName, lifetime, line, role, time, timeText, userName} from './fields.ts';
import {requireRobot, requireTeam} from './find.ts';
import {UnknownName} from './unknown-name.ts';
import {refuseNameElsewhere, requireNobodyElsewhere} from './name-elsewhere.ts';
import {change, preparedChange, question} from './operation.ts';
import {ownsRobot, ownsTeam} from './ownership.ts';

const pageLength = 500;
/** Of the token that a robot is made with. */
const firstToken = 'first';

const robotAnswer = z.object({
  name: z.string(),
  team: z.string(),
  role: role.optional(),
  isEnabled: z.boolean(),
  createdAt: time,
});

async function toRobotAnswer(
  db: AdministrationContext['db'],
  {id, name, teamId = '', isEnabled, createdAt}: User,
): Promise<z.output<typeof robotAnswer>> {
  const held = await findRole(db, {teamId, userId: id});
  return {
    name,
    team: (await findTeam(db, teamId))?.name ?? '',
    ...(held === undefined ? {} : {role: held}),
    isEnabled,
    createdAt: timeText(createdAt),
  };
}

const mayManage = ownsTeam('manageTeams');
const denial =
  'only owners of its team may do that, where permissions.manageTeams lets them, and admins';

/** The answer has its first token: nobody can read it again. */
export const addRobot = preparedChange(
  'robot create',
  {
    input: z.strictObject({
      name: userName,
      team: anyTeamName,
      role,
      description: line(128).optional(),
      expiresIn: lifetime.optional(),
    }),
    output: robotAnswer.extend({token: z.string(), expiresAt: time.optional()}),
    isOwn: async (account, {name, team}, context) => {
      if (!(await mayManage(context, account, team))) return false;
      await requireNobodyElsewhere(context, name);
      return true;
    },
    denial,
    records: {
      key: 'robot.create',
      about: ({name, team}) => ({subject: name, account: name, team}),
      details: ({team, role: given, description, expiresIn}) => ({
        team,
        role: given,
        description,
        expires_in: expiresIn,
      }),
    },
    prepare: async (context, {name}) => {
      await refuseNameElsewhere(context, name);
    },
  },
  async (context, {name, team: owner, role: given, description, expiresIn}) => {
    const {db, now} = context;
    const team = await requireTeam(db, owner);
    const {id, text, hash} = createSecretToken('application');
    const at = now().getTime();
    const expiresAt = expiresIn === undefined ? undefined : at + expiresIn;
    // Both or none: a robot without a token is of no use.
    const robot = await changing(db, async (turn) => {
      const fields = {name, teamId: team.id, role: given, displayName: description, now: at};
      const made = await createRobot(turn, fields);
      if (typeof made === 'string') return made;
      const token = {id, userId: made.id, name: firstToken, hash, isPullOnly: false, expiresAt};
      await createApplicationToken(turn, {...token, now: at});
      return made;
    });
    if (robot === 'unknown-team') throw new UnknownName('team', owner);
    if (robot === 'taken') {
      throw new AdministrationError('taken', `there is an account ${name} already`);
    }
    return {
      name,
      team: team.name,
      role: given,
      isEnabled: true,
      createdAt: timeText(at),
      token: text,
      ...(expiresAt === undefined ? {} : {expiresAt: timeText(expiresAt)}),
    };
  },
);

export const listRobots = question(
  'robot list',
  {
    input: z.strictObject({after, team: anyTeamName.optional()}),
    output: z.object({robots: z.array(robotAnswer), next: z.string().optional()}),
  },
  async ({db}, {after: former, team}) => {
    const teamId = team === undefined ? undefined : (await requireTeam(db, team)).id;
    const page = {after: former, limit: pageLength, isRobot: true};
    const found = await listUsers(db, {...page, ...(teamId === undefined ? {} : {teamId})});
    const robots = [];
    for (const each of found) robots.push(await toRobotAnswer(db, each));
    const next = found.length === pageLength ? found.at(-1)?.name : undefined;
    return {robots, ...(next === undefined ? {} : {next})};
  },
);

/** Disabled, all that it has counts no more; its tokens count again when it is enabled. */
export const changeRobot = change(
  'robot change',
  {
    input: z.strictObject({
      name: userName,
      role: role.optional(),
      /** Null: none any more; absent: as it is. */
      description: line(128).nullable().optional(),
      isEnabled: z.boolean().optional(),
    }),
    output: robotAnswer,
    isOwn: async (account, {name}, context) => ownsRobot(context, account, name),
    denial,
    records: {
      key: 'robot.update',
      about: ({name}) => ({subject: name, account: name}),
      details: ({role: given, description, isEnabled}) => ({
        role: given,
        description,
        enabled: isEnabled,
      }),
    },
  },
  async ({db, now}, {name, role: given, description, isEnabled}) => {
    const {id, teamId = ''} = await requireRobot(db, name);
    const at = now().getTime();
    if (given !== undefined) {
      const held = {teamId, userId: id, role: given};
      // Somebody may have taken it out of its team.
      if ((await changeRole(db, held)) === 'unknown') await addMember(db, {...held, now: at});
    }
    if (description !== undefined) {
      await updateUser(db, {id, displayName: description, now: at});
    }
    if (isEnabled !== undefined) await setEnabled(db, {id, isEnabled, now: at});
    return toRobotAnswer(db, await requireRobot(db, name));
  },
);

export const removeRobot = change(
  'robot delete',
  {
    input: z.strictObject({name: userName}),
    output: z.object({name: z.string()}),
    isOwn: async (account, {name}, context) => ownsRobot(context, account, name),
    denial,
    records: {key: 'robot.delete', about: ({name}) => ({subject: name, account: name})},
  },
  async ({db}, {name}) => {
    const {id} = await requireRobot(db, name);
    const outcome = await deleteUser(db, {id, namespaces: 'keep'});
    if (outcome !== 'done') throw new UnknownName('robot', name);
    return {name};
  },
);
