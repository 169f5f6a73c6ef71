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
import {addResources} from './routes.ts';
import type {ContentOptions} from './content-options.ts';
import {contentResources} from './content-resources.ts';
import {accounts} from './resources/accounts.ts';
import {bootstrap} from './resources/bootstrap.ts';
import {healthResource} from './resources/health.ts';
import {members} from './resources/members.ts';
import {namespaces} from './resources/namespaces.ts';
import {registriesResource} from './resources/registries.ts';
import {robots} from './resources/robots.ts';
import {teams} from './resources/teams.ts';
import {tokens} from './resources/tokens.ts';
import {showingUsers} from './resources/users.ts';
import {versionResource} from './resources/version.ts';
import {sessionEndpoints} from './session.ts';

interface ApiOptions {
  readonly content: ContentOptions;
  /** Absent: auth.mode none; then there are no people to manage. */
  readonly signIn: SignInOptions | undefined;
  readonly config: Pick<Config, 'externalUrl' | 'token' | 'http'>;
  readonly askReadiness: AskReadiness;
}

export function addApi(
  router: Router<State>,
  {signIn, content, config, askReadiness}: ApiOptions,
): void {
  const {externalUrl, token, http} = config;
  const resources = [
    versionResource(),
    healthResource(askReadiness),
    ...(signIn ? peopleResources({signIn, context: signIn.accounts.context}) : []),
    registriesResource({externalUrl, service: token.service}),
    ...contentResources(content),
  ];
  const options = {signIn, realm: token.service, idleTimeout: http.bodyIdleTimeout};
  const all = [...resources, describing(resources)];
  addResources(router, all, options);
  addDocsPage(router, all);
}

const peopleResources = (options: PeopleOptions): readonly Resource[] => [
  {
    name: 'sign-in',
    description: 'The first admin, and the session of a browser.',
    endpoints: [setup(options.signIn), ...sessionEndpoints(options.signIn)],
  },
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
    name: 'teams',
    description: 'Who owns namespaces, and who belongs to whom.',
    endpoints: [...teams(options), ...members(options)],
  },
  {
    name: 'namespaces',
    description: 'What stands before the last part of the names of images, and who may pull.',
    endpoints: namespaces(options),
  },
  {
    name: 'robots',
    description: 'Accounts of a team, for machines.',
    endpoints: robots(options),
  },
];

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
