/** Whether a directory, a Keystone or an OpenID provider does what a login needs, asked from the server itself. */
import {z} from 'zod';
import {testProvider} from '../../../auth/administration/provider-tests.ts';
import {below, callbackOf} from '../../sign-in/place.ts';
import type {Asker} from '../asker.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf} from '../fields.ts';
import type {PeopleOptions} from '../people.ts';
import {role} from '../present-team.ts';

const answer = z
  .strictObject({
    accepted: z.boolean().describe('All steps were done, and whoever was named would get in.'),
    steps: z.array(
      z.strictObject({
        step: z.string(),
        done: z.boolean(),
        detail: z.string(),
        advice: z.string().nullable().describe('What to change.'),
      }),
    ),
    identity: z
      .strictObject({
        provider: z.string(),
        username: z.string(),
        display_name: z.string().nullable(),
        email: z.string().nullable(),
        admin: z.boolean().nullable().describe('null: the provider says nothing of that.'),
        teams: z.array(z.strictObject({team: z.string(), role})),
      })
      .nullable()
      .describe('Who has logged in, as the provider says it.'),
    redirect_url: z.string().nullable().describe('What an OpenID provider must know.'),
  })
  .meta({id: 'ProviderTest', description: 'The steps of a test, as the commands print them.'});

const person = {
  username: z.string('must be text').min(1, 'must not be empty').max(255).optional(),
  password: z.string('must be text').max(4096).optional(),
};

interface Person {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

const credentialsOf = ({username, password = ''}: Person) =>
  username === undefined ? undefined : {username, password};

export const providerTests = ({context, signIn}: PeopleOptions): readonly Endpoint[] => {
  const {externalUrl} = signIn;
  const callback = (id: string) => ({
    path: callbackOf(id),
    url: externalUrl === undefined ? undefined : below(externalUrl, callbackOf(id)),
  });
  const run = async (asker: Asker, input: object) => {
    const tested = await testProvider.perform(context, accountOf(asker), {...input, callback});
    return {status: 200, body: present(tested)};
  };
  const common = {
    method: 'post',
    who: 'admin',
    canBeOff: true,
    answers: {200: {description: 'The steps, whether they were done or not.', schema: answer}},
  } as const;
  return [
    endpoint({
      ...common,
      name: 'ldap-test',
      path: '/ldap/test',
      summary: 'Try the directory, and a login there',
      description: 'Without a username nobody logs in. It takes 30 s at most.',
      body: z.strictObject(person),
      handle: async ({asker, body}) =>
        run(asker, {provider: 'ldap', credentials: credentialsOf(body)}),
    }),
    endpoint({
      ...common,
      name: 'keystone-test',
      path: '/keystone/test',
      summary: 'Try Keystone, and a login there',
      description: 'Without a username nobody logs in. It takes 30 s at most.',
      body: z.strictObject(person),
      handle: async ({asker, body}) =>
        run(asker, {provider: 'keystone', credentials: credentialsOf(body)}),
    }),
    endpoint({
      ...common,
      name: 'oidc-test',
      path: '/oidc/test',
      summary: 'Try what a sign-in at an OpenID provider needs',
      description: 'Nobody signs in. It takes 30 s at most.',
      body: z.strictObject({
        id: z.string().max(64).optional().describe('Which one, where there are several.'),
      }),
      handle: async ({asker, body: {id}}) => run(asker, {provider: 'oidc', id}),
    }),
  ];
};

const present = ({
  isAccepted,
  steps,
  identity,
  redirectUrl,
}: z.output<typeof testProvider.output>): z.output<typeof answer> => ({
  accepted: isAccepted,
  steps: steps.map(({step, isDone, detail, advice}) => ({
    step,
    done: isDone,
    detail,
    advice: advice ?? null,
  })),
  identity: identity
    ? {
        provider: identity.provider,
        username: identity.username,
        display_name: identity.displayName ?? null,
        email: identity.email ?? null,
        admin: identity.isAdmin ?? null,
        teams: identity.teams ?? [],
      }
    : null,
  redirect_url: redirectUrl ?? null,
});
