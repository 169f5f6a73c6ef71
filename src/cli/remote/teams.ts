/** Operations on teams, their members and their robots by the API. */
import {z} from 'zod';
import {addRobot, changeRobot, listRobots, removeRobot} from '../../auth/administration/robots.ts';
import {setTeamSync} from '../../auth/administration/team-settings.ts';
import {
  addTeamMember,
  removeTeamMember,
  setMemberRole,
} from '../../auth/administration/team-members.ts';
import {addTeam, listAllTeams, removeTeam, showTeam} from '../../auth/administration/teams.ts';
import {memberAnswer, role, teamAnswer} from '../../http/api/present-team.ts';
import {everyItem, nextPage, pageOf, remote} from './remote.ts';

const team = z.object(teamAnswer.shape);
const member = z.object(memberAnswer.shape);
const robot = z.object({
  username: z.string(),
  team: z.object({name: z.string()}),
  role: role.nullable(),
  enabled: z.boolean(),
  created_at: z.string(),
});
const newRobot = robot.extend({plain_token: z.string(), expires_at: z.string().nullable()});

const toTeam = (shown: z.output<typeof team>) => ({
  name: shown.name,
  description: shown.description,
  isPersonal: shown.hidden,
  isSynced: shown.ldap_synced,
  createdAt: shown.created_at,
});

const toRobot = (shown: z.output<typeof robot>) => ({
  name: shown.username,
  team: shown.team.name,
  ...(shown.role === null ? {} : {role: shown.role}),
  isEnabled: shown.enabled,
  createdAt: shown.created_at,
});

export const remoteTeams = [
  remote(addTeam, async (api, {name, owner, description}) => {
    const body = {name, description, owner_id: owner};
    return toTeam(await api.ask(team, 'POST', ['teams'], {body}));
  }),
  remote(listAllTeams, async (api, {after}) => {
    const teams = await api.ask(z.array(team), 'GET', ['teams'], {query: pageOf(after)});
    return {teams: teams.map(toTeam), ...nextPage(teams, after)};
  }),
  remote(showTeam, async (api, {name}) => {
    const shown = await api.ask(team, 'GET', ['teams', name]);
    const members = await everyItem(async (query) =>
      api.ask(z.array(member), 'GET', ['teams', name, 'members'], {query}),
    );
    const named = z.array(z.object({name: z.string()}));
    const namespaces = await everyItem(async (query) =>
      api.ask(named, 'GET', ['teams', name, 'namespaces'], {query}),
    );
    return {
      ...toTeam(shown),
      members: members.map(({username, bot, role: held}) => ({
        name: username,
        isRobot: bot,
        role: held,
      })),
      namespaces: namespaces.map((each) => each.name),
    };
  }),
  remote(removeTeam, async (api, {name, namespacesTo}) => {
    const gone = await api.ask(team, 'GET', ['teams', name]);
    const query = {new_team: namespacesTo};
    await api.ask(z.undefined(), 'DELETE', ['teams', name], {query});
    return toTeam(gone);
  }),
  remote(setTeamSync, async (api, {name, isSynced}) => {
    const query = {synced: String(isSynced)};
    return toTeam(await api.ask(team, 'POST', ['teams', name, 'ldap_check'], {query}));
  }),
  remote(addTeamMember, async (api, {team: name, user, role: given}) => {
    const body = {user, role: given};
    const added = await api.ask(member, 'POST', ['teams', name, 'members'], {body});
    return {team: name, user: added.username, role: added.role};
  }),
  remote(setMemberRole, async (api, {team: name, user, role: given}) => {
    const body = {role: given};
    const changed = await api.ask(member, 'PUT', ['teams', name, 'members', user], {body});
    return {team: name, user: changed.username, role: changed.role};
  }),
  remote(removeTeamMember, async (api, {team: name, user}) => {
    await api.ask(z.undefined(), 'DELETE', ['teams', name, 'members', user]);
    return {team: name, user};
  }),
  remote(addRobot, async (api, {name, team: owner, role: given, description, expiresIn}) => {
    const body = {username: name, team: owner, role: given, description, expires_in: expiresIn};
    const made = await api.ask(newRobot, 'POST', ['robots'], {body});
    const {plain_token: token, expires_at: expiresAt} = made;
    return {...toRobot(made), token, ...(expiresAt === null ? {} : {expiresAt})};
  }),
  remote(listRobots, async (api, {after, team: owner}) => {
    const query = {...pageOf(after), team: owner};
    const robots = await api.ask(z.array(robot), 'GET', ['robots'], {query});
    return {robots: robots.map(toRobot), ...nextPage(robots, after)};
  }),
  remote(changeRobot, async (api, {name, role: given, description, isEnabled}) => {
    const body = {role: given, description, enabled: isEnabled};
    return toRobot(await api.ask(robot, 'PUT', ['robots', name], {body}));
  }),
  remote(removeRobot, async (api, {name}) => {
    await api.ask(z.undefined(), 'DELETE', ['robots', name]);
    return {name};
  }),
];
