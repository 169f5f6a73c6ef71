/** Operations on people by the API. */
import {z} from 'zod';
import {
  changeAdmin,
  changePassword,
  createUser,
  disableUser,
  enableUser,
  listAllUsers,
  removeUser,
  showUser,
  unlockUser,
  type UserAnswer,
} from '../../auth/administration/users.ts';
import {userAnswer, wholeUserAnswer} from '../../http/api/present-user.ts';
import {namespaceAnswer} from '../../http/api/present-namespace.ts';
import type {ApiClient} from './api-client.ts';
import {nextPage, pageOf, remote} from './remote.ts';

// A later server may say more than these.
const user = z.object(userAnswer.shape);
const wholeUser = z.object(wholeUserAnswer.shape);
const namespace = z.object({id: z.string(), team: namespaceAnswer.shape.team.loose()});

const toAnswer = (shown: z.output<typeof user>): UserAnswer => ({
  name: shown.username,
  isAdmin: shown.admin,
  isEnabled: shown.enabled,
  isRobot: shown.bot,
  provider: shown.provider,
  ...(shown.display_name === null ? {} : {displayName: shown.display_name}),
  ...(shown.email === null ? {} : {email: shown.email}),
  createdAt: shown.created_at,
  ...(shown.last_sign_in_at === null ? {} : {lastLoginAt: shown.last_sign_in_at}),
});

const change = async (api: ApiClient, name: string, body: object): Promise<UserAnswer> =>
  toAnswer(await api.ask(wholeUser, 'PUT', ['users', name], {body}));

export const remoteUsers = [
  remote(createUser, async (api, {name, password, isAdmin, displayName, email}) => {
    const body = {username: name, password, admin: isAdmin, display_name: displayName, email};
    return toAnswer(await api.ask(wholeUser, 'POST', ['users'], {body}));
  }),
  remote(listAllUsers, async (api, {after}) => {
    const query = {...pageOf(after), bot: 'false'};
    const users = await api.ask(z.array(user), 'GET', ['users'], {query});
    return {users: users.map(toAnswer), ...nextPage(users, after)};
  }),
  remote(showUser, async (api, {name}) => {
    const shown = await api.ask(wholeUser, 'GET', ['users', name]);
    const tokens = await api.ask(z.array(z.object({})), 'GET', [
      'users',
      name,
      'application_tokens',
    ]);
    const teams = shown.teams.map(({name: team, role}) => ({name: team, role}));
    return {...toAnswer(shown), teams, tokens: tokens.length};
  }),
  remote(disableUser, async (api, {name}) => change(api, name, {enabled: false})),
  remote(enableUser, async (api, {name}) => change(api, name, {enabled: true})),
  remote(unlockUser, async (api, {name}) => {
    const shown = await api.ask(wholeUser, 'GET', ['users', name]);
    await api.ask(z.undefined(), 'DELETE', ['users', name, 'lock']);
    return {name: shown.username, wasLocked: shown.locked_until !== null};
  }),
  remote(changePassword, async (api, {name, password}) => change(api, name, {password})),
  remote(changeAdmin, async (api, {name, isAdmin}) => change(api, name, {admin: isAdmin})),
  remote(removeUser, async (api, {name, namespaces = 'keep'}) => {
    const gone = await api.ask(wholeUser, 'GET', ['users', name]);
    await api.ask(z.undefined(), 'DELETE', ['users', name], {query: {namespaces}});
    if (gone.namespace_id === null || namespaces === 'delete') return toAnswer(gone);
    const left = await api.ask(namespace, 'GET', ['namespaces', gone.namespace_id]);
    return {...toAnswer(gone), namespaceOf: left.team.name};
  }),
];
