/** The registry that this is, as Portus lists those that it knows. */
import {z} from 'zod';
import type {RouteContext} from '../../context.ts';
import {registryHost} from '../../sign-in/place.ts';
import {endpoint, type Resource} from '../endpoint.ts';
import {idParam, unknown} from '../fields.ts';

interface RegistryOptions {
  readonly externalUrl: string | undefined;
  /** Of its tokens. */
  readonly service: string;
}

const registryAnswer = z
  .strictObject({
    id: z.literal('this'),
    name: z.string().describe('The service of its tokens.'),
    hostname: z.string(),
    external_hostname: z.string().nullable(),
    use_ssl: z.boolean(),
    created_at: z.null(),
    updated_at: z.null(),
  })
  .meta({id: 'Registry', description: 'The only one there is: this one.'});

export function registriesResource({externalUrl, service}: RegistryOptions): Resource {
  const present = (ctx: RouteContext): z.output<typeof registryAnswer> => {
    const {client} = ctx.state;
    const asked = `${client.protocol}://${client.host}${client.prefix}`;
    const url = externalUrl ?? asked;
    return {
      id: 'this',
      name: service,
      hostname: client.host,
      external_hostname: externalUrl === undefined ? null : registryHost(ctx, externalUrl),
      use_ssl: url.startsWith('https:'),
      created_at: null,
      updated_at: null,
    };
  };
  return {
    name: 'registries',
    description: 'The registry that this is.',
    endpoints: [
      endpoint({
        name: 'registries-list',
        method: 'get',
        path: '/registries',
        summary: 'List the registry that this is',
        who: 'admin',
        answers: {200: {description: 'It.', schema: z.array(registryAnswer)}},
        handle: ({ctx}) => ({status: 200, body: [present(ctx)]}),
      }),
      endpoint({
        name: 'registries-show',
        method: 'get',
        path: '/registries/:id',
        summary: 'Show the registry that this is',
        who: 'admin',
        params: idParam('`this`, or its name.'),
        answers: {200: {description: 'It.', schema: registryAnswer}},
        handle: ({ctx, params}) => {
          if (params.id !== 'this' && params.id !== service) throw unknown('registry');
          return {status: 200, body: present(ctx)};
        },
      }),
    ],
  };
}
