/** Which Holdfast this is, and that it is there. */
import {z} from 'zod';
import {version} from '../../../config/version.ts';
import {endpoint, type Resource} from '../endpoint.ts';

const versionAnswer = z
  .strictObject({
    'api-versions': z.array(z.string()).describe('The versions of the API that there are.'),
    version: z.string().describe('Of Holdfast.'),
    git: z.null().describe('Clients of Portus expect it.'),
  })
  .meta({id: 'Version'});

export const versionResource = (): Resource => ({
  name: 'version',
  description: 'Which registry this is.',
  endpoints: [
    endpoint({
      name: 'api-ping',
      method: 'get',
      path: '/_ping',
      summary: 'Tell that the API answers',
      who: 'everybody',
      answers: {
        200: {description: 'It does.', schema: z.strictObject({status: z.literal('ok')})},
      },
      handle: () => ({status: 200, body: {status: 'ok'}}),
    }),
    endpoint({
      name: 'api-version',
      method: 'get',
      path: '/version',
      also: ['/api/version'],
      summary: 'Show the version',
      who: 'account',
      limited: true,
      answers: {200: {description: 'The version.', schema: versionAnswer}},
      handle: () => ({
        status: 200,
        body: {'api-versions': ['v1'], version: version(), git: null},
      }),
    }),
  ],
});
