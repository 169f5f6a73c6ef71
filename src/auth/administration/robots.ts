/** Operations on robots: accounts of a team, which log in with application tokens alone. */
import {z} from 'zod';
import {createRobot, deleteUser} from '../../metadata/accounts.ts';
import {createApplicationToken} from '../../metadata/application-tokens.ts';
import {findRole} from '../../metadata/memberships.ts';
import {changing} from '../../metadata/revisions.ts';
import {findTeam} from '../../metadata/teams.ts';
import {listUsers} from '../../metadata/users.ts';
import {createSecretToken} from '../secret-token.ts';
import {AdministrationError} from './administration-error.ts';
import {after, anyTeamName, lifetime, line, role, time, timeText, userName} from './fields.ts';
import {requireRobot, requireTeam} from './find.ts';
import {UnknownName} from './unknown-name.ts';
import {refuseNameElsewhere, requireNobodyElsewhere} from './name-elsewhere.ts';
import {operation} from './operation.ts';
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

const mayManage = ownsTeam('manageTeams');
const denial =
  'only owners of its team may do that, where permissions.manageTeams lets them, and admins';

/** The answer has its first token: nobody can read it again. */
export const addRobot = operation(
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
  },
  async (context, {name, team: owner, role: given, description, expiresIn}) => {
    const {db, now, onChange} = context;
    await refuseNameElsewhere(context, name);
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
    onChange();
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

export const listRobots = operation(
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
    for (const {id, name, teamId: owner = '', isEnabled, createdAt} of found) {
      const held = await findRole(db, {teamId: owner, userId: id});
      robots.push({
        name,
        team: (await findTeam(db, owner))?.name ?? '',
        ...(held === undefined ? {} : {role: held}),
        isEnabled,
        createdAt: timeText(createdAt),
      });
    }
    const next = found.length === pageLength ? found.at(-1)?.name : undefined;
    return {robots, ...(next === undefined ? {} : {next})};
  },
);

export const removeRobot = operation(
  'robot delete',
  {
    input: z.strictObject({name: userName}),
    output: z.object({name: z.string()}),
    isOwn: async (account, {name}, context) => ownsRobot(context, account, name),
    denial,
  },
  async ({db, onChange}, {name}) => {
    const {id} = await requireRobot(db, name);
    const outcome = await deleteUser(db, {id, namespaces: 'keep'});
    if (outcome !== 'done') throw new UnknownName('robot', name);
    onChange();
    return {name};
  },
);
