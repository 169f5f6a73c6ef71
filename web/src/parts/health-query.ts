/** Whether each part works: what does not is an answer, too. */
import {queryOptions} from '@tanstack/react-query';
import {client} from '../api/client.ts';
import {problemOf} from '../api/problem.ts';
import type {Health} from '../api/types.ts';

export const healthColors = {ok: 'green', degraded: 'orange', failed: 'red'} as const;

export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: async ({signal}): Promise<Health> => {
    const {data, error, response} = await client.GET('/health', {signal});
    if (data) return data;
    if (response.status === 503 && isHealth(error)) return error;
    throw problemOf(response, error);
  },
});

/** Of a proxy in between it has errors. */
const isHealth = (body: unknown): body is Health =>
  typeof body === 'object' &&
  body !== null &&
  Object.values(body).every(
    (part) => typeof part === 'object' && part !== null && 'status' in part && 'msg' in part,
  );
