/** Operations on namespaces and application tokens by the API. */
import {z} from 'zod';
import {
  createToken,
  deleteToken,
  listTokens,
} from '../../auth/administration/application-tokens.ts';
import {
  addNamespace,
  listAllNamespaces,
  removeNamespace,
  setTeam,
  setVisibility,
  showNamespace,
} from '../../auth/administration/namespaces.ts';
import {visibility} from '../../http/api/present-namespace.ts';
import {Failure} from '../failure.ts';
import type {ApiClient} from './api-client.ts';
import {nextPage, pageOf, remote} from './remote.ts';

const namespace = z.object({
  name: z.string(),
  team: z.object({name: z.string()}),
  visibility,
  description: z.string(),
  created_at: z.string(),
});

const toNamespace = (shown: z.output<typeof namespace>) => ({
  name: shown.name,
  team: shown.team.name,
  visibility: shown.visibility,
  description: shown.description,
  createdAt: shown.created_at,
});

const change = async (api: ApiClient, name: string, body: object) =>
  toNamespace(await api.ask(namespace, 'PUT', ['namespaces', name], {body}));

const token = z.object({
  id: z.string(),
  application: z.string(),
  namespaces: z.array(z.string()).nullable(),
  pull_only: z.boolean(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
  last_used_at: z.string().nullable(),
});

const toToken = (shown: z.output<typeof token>) => ({
  name: shown.application,
  ...(shown.namespaces === null ? {} : {namespaces: shown.namespaces}),
  isPullOnly: shown.pull_only,
  createdAt: shown.created_at,
  ...(shown.expires_at === null ? {} : {expiresAt: shown.expires_at}),
  ...(shown.last_used_at === null ? {} : {lastUsedAt: shown.last_used_at}),
});

const tokensOf = async (api: ApiClient, user: string) =>
  api.ask(z.array(token), 'GET', ['users', user, 'application_tokens']);

export const remoteNamespaces = [
  remote(addNamespace, async (api, body) =>
    toNamespace(await api.ask(namespace, 'POST', ['namespaces'], {body})),
  ),
  remote(listAllNamespaces, async (api, {after}) => {
    const query = pageOf(after);
    const found = await api.ask(z.array(namespace), 'GET', ['namespaces'], {query});
    return {namespaces: found.map(toNamespace), ...nextPage(found, after)};
  }),
  remote(showNamespace, async (api, {name}) =>
    toNamespace(await api.ask(namespace, 'GET', ['namespaces', name])),
  ),
  remote(setVisibility, async (api, {name, visibility: seen}) =>
    change(api, name, {visibility: seen}),
  ),
  remote(setTeam, async (api, {name, team}) => change(api, name, {team})),
  remote(removeNamespace, async (api, {name}) => {
    const gone = await api.ask(namespace, 'GET', ['namespaces', name]);
    await api.ask(z.undefined(), 'DELETE', ['namespaces', name]);
    return toNamespace(gone);
  }),
  remote(createToken, async (api, {user, name, expiresIn, namespaces, isPullOnly}) => {
    const body = {
      application: name,
      expires_in: expiresIn,
      namespaces,
      pull_only: isPullOnly,
    };
    const secret = token.extend({plain_token: z.string()});
    const made = await api.ask(secret, 'POST', ['users', user, 'application_tokens'], {body});
    return {...toToken(made), token: made.plain_token};
  }),
  remote(listTokens, async (api, {user}) => ({tokens: (await tokensOf(api, user)).map(toToken)})),
  remote(deleteToken, async (api, {user, name}) => {
    const gone = (await tokensOf(api, user)).find(({application}) => application === name);
    if (!gone) throw new Failure(`there is no token of ${user} with the name ${name}`);
    await api.ask(z.undefined(), 'DELETE', ['users', 'application_tokens', gone.id]);
    return toToken(gone);
  }),
];
