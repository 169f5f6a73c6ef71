/** All of the API: its resources, their routes, and their description. */
import type Router from '@koa/router';
import {z} from 'zod';
import {version} from '../../config/version.ts';
import type {State} from '../context.ts';
import type {SignInOptions} from '../sign-in/context.ts';
import {endpoint, type Resource} from './endpoint.ts';
import {openapiOf} from './openapi.ts';
import type {PeopleOptions} from './people.ts';
import {addResources} from './routes.ts';
import type {ContentOptions} from './content-options.ts';
import {contentResources} from './content-resources.ts';
import {showingUsers} from './resources/users.ts';
import {versionResource} from './resources/version.ts';

interface ApiOptions {
  readonly content: ContentOptions;
  /** Absent: auth.mode none; then there are no people to manage. */
  readonly signIn: SignInOptions | undefined;
  /** What challenges call this registry. */
  readonly realm: string;
  readonly idleTimeout: number;
}

export function addApi(router: Router<State>, options: ApiOptions): void {
  const {signIn, content} = options;
  const resources = [
    versionResource(),
    ...(signIn
      ? peopleResources({signIn, accounts: signIn.accounts, context: signIn.accounts.context})
      : []),
    ...contentResources(content),
  ];
  addResources(router, [...resources, describing(resources)], options);
}

const peopleResources = (options: PeopleOptions): readonly Resource[] => [
  {
    name: 'users',
    description: 'People, and the robots of teams.',
    endpoints: [...showingUsers(options)],
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
          body: (made ??= openapiOf([...resources, own], {
            version: version(),
            cookie: '__Host-holdfast',
          })),
        }),
      }),
    ],
  };
  return own;
}
