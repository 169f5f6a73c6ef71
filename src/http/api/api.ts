/** All of the API: its resources, their routes, and their description. */
import type Router from '@koa/router';
import {z} from 'zod';
import type {Config} from '../../config/schema.ts';
import {version} from '../../config/version.ts';
import type {State} from '../context.ts';
import type {AskReadiness} from '../health.ts';
import type {SignInOptions} from '../sign-in/context.ts';
import {setup} from './setup.ts';
import {addDocsPage} from './docs-page.ts';
import {endpoint, type Resource} from './endpoint.ts';
import {openapiOf} from './openapi.ts';
import type {PeopleOptions} from './people.ts';
import type {Counted} from './present-namespace.ts';
import {addResources} from './routes.ts';
import type {ContentOptions} from './content-options.ts';
import {contentResources} from './content-resources.ts';
import {activitiesResource} from './resources/activities.ts';
import {accounts} from './resources/accounts.ts';
import {bootstrap} from './resources/bootstrap.ts';
import {connectionResource} from './resources/connection.ts';
import {healthResource} from './resources/health.ts';
import {members} from './resources/members.ts';
import {namespacePreview} from './resources/namespace-preview.ts';
import {namespaces} from './resources/namespaces.ts';
import {registriesResource} from './resources/registries.ts';
import {robots} from './resources/robots.ts';
import {teams} from './resources/teams.ts';
import {tokens} from './resources/tokens.ts';
import {showingUsers} from './resources/users.ts';
import {certificates} from './resources/certificates.ts';
import {explain} from './resources/explain.ts';
import {deliveries} from './resources/deliveries.ts';
import {providerTests} from './resources/provider-tests.ts';
import {server} from './resources/server.ts';
import type {RunningOptions} from './server-options.ts';
import {webhooks} from './resources/webhooks.ts';
import {versionResource} from './resources/version.ts';
import {sessionEndpoints, showSession} from './session.ts';
import {sessions} from './resources/sessions.ts';

interface ApiOptions {
  readonly running: RunningOptions;
  /** Of the registry, where the API is asked at another address. */
  readonly registryUrls?: readonly string[];
  readonly content: ContentOptions;
  /** Absent: auth.mode none; then there are no people to manage. */
  readonly signIn: SignInOptions | undefined;
  readonly config: Pick<
    Config,
    'externalUrl' | 'tls' | 'token' | 'http' | 'dataDir' | 'storage' | 'metadata'
  >;
  readonly askReadiness: AskReadiness;
}

export function addApi(
  router: Router<State>,
  {signIn, content, config, askReadiness, running, registryUrls}: ApiOptions,
): void {
  const {externalUrl, token, http} = config;
  const resources = [
    versionResource(),
    healthResource(askReadiness),
    connectionResource({...running, config, registryUrls}),
    {
      name: 'sign-in',
      description: 'The first admin, and the session of a browser.',
      endpoints: [
        ...(signIn ? setup(signIn) : []),
        showSession(signIn),
        ...(signIn ? sessionEndpoints(signIn) : []),
      ],
    },
    ...(signIn
      ? peopleResources({signIn, context: signIn.accounts.context}, content.registry.statistics)
      : []),
    ...(signIn ? [serverResource({signIn, context: signIn.accounts.context}, running)] : []),
    registriesResource({externalUrl, service: token.service}),
    ...contentResources(content),
    activitiesResource({db: content.db, config, context: signIn?.accounts.context}),
  ];
  const options = {signIn, realm: token.service, idleTimeout: http.bodyIdleTimeout};
  const all = [...resources, describing(resources)];
  addResources(router, all, options);
  addDocsPage(router, all);
}

const peopleResources = (options: PeopleOptions, counted: Counted): readonly Resource[] => [
  {
    name: 'users',
    description: 'People, and what they log in with.',
    endpoints: [...showingUsers(options), ...accounts(options), ...bootstrap(options)],
  },
  {
    name: 'application tokens',
    description: 'They work as the password of their account.',
    endpoints: tokens(options),
  },
  {
    name: 'sessions',
    description: 'Where people have signed in with a browser.',
    endpoints: sessions(options),
  },
  {
    name: 'teams',
    description: 'Who owns namespaces, and who belongs to whom.',
    endpoints: [...teams(options), ...members(options)],
  },
  {
    name: 'namespaces',
    description: 'What stands before the last part of the names of images, and who may pull.',
    endpoints: [
      ...namespaces({...options.context, counted}),
      namespacePreview({...options.context, counted}),
    ],
  },
  {
    name: 'robots',
    description: 'Accounts of a team, for machines.',
    endpoints: robots(options),
  },
  {
    name: 'webhooks',
    description: 'Who is told of what happens in namespaces, and what became of it.',
    endpoints: [...webhooks(options), ...deliveries(options)],
  },
];

const serverResource = (options: PeopleOptions, running: RunningOptions): Resource => ({
  name: 'server',
  description:
    'The running server, for admins: keys, configuration, index, its providers, and why somebody may what.',
  endpoints: [
    certificates(options.context, running),
    ...server(options.context, running),
    ...providerTests(options),
    explain(options),
  ],
});

/** Made when it is first asked for. */
function describing(resources: readonly Resource[]): Resource {
  let made: object | undefined;
  const own: Resource = {
    name: 'description',
    description: 'What the API is.',
    endpoints: [
      endpoint({
        name: 'api-openapi',
        method: 'get',
        path: '/openapi.json',
        summary: 'Describe the API as OpenAPI 3.1',
        who: 'everybody',
        answers: {200: {description: 'OpenAPI.', schema: z.record(z.string(), z.unknown())}},
        handle: () => ({
          status: 200,
          body: (made ??= openapiOf([...resources, own], version())),
        }),
      }),
    ],
  };
  return own;
}
