/** Operations on sign-ins with a browser: one's own, and for admins those of everybody. */
import {z} from 'zod';
import {deleteSessionsOf, listSessions} from '../../metadata/sessions.ts';
import type {Account} from '../caller.ts';
import {time, timeText, userName} from './fields.ts';
import {requirePerson} from './find.ts';
import {change, question} from './operation.ts';
import {UnknownName} from './unknown-name.ts';

const isOwn = ({name}: Account, {user}: {readonly user: string}): boolean => name === user;
const denial = 'only an admin may do that for others';
const sessionId = z.string().min(1).max(256);

export const listUserSessions = question(
  'session list',
  {
    input: z.strictObject({user: userName}),
    output: z.object({
      sessions: z.array(
        z.object({
          id: z.string(),
          createdAt: time,
          lastUsedAt: time,
          expiresAt: time,
          /** From where it was begun, and with what; absent: nobody knows. */
          address: z.string().optional(),
          userAgent: z.string().optional(),
          isRemembered: z.boolean(),
        }),
      ),
    }),
    isOwn,
    denial,
  },
  async ({db, now}, {user}) => {
    const {id: userId, generation} = await requirePerson(db, user);
    const sessions = await listSessions(db, {userId, generation, now: now().getTime()});
    return {
      sessions: sessions.map(
        ({id, createdAt, lastUsedAt, expiresAt, address, userAgent, isRemembered}) => ({
          id,
          createdAt: timeText(createdAt),
          lastUsedAt: timeText(lastUsedAt),
          expiresAt: timeText(expiresAt),
          ...(address === undefined ? {} : {address}),
          ...(userAgent === undefined ? {} : {userAgent}),
          isRemembered,
        }),
      ),
    };
  },
);

/** All of somebody, but perhaps one. Tokens and logins of docker go on. */
export const endUserSessions = change(
  'session end-all',
  {
    input: z.strictObject({user: userName, except: sessionId.optional()}),
    output: z.object({ended: z.number()}),
    isOwn,
    denial,
    records: {
      key: 'session.end_all',
      about: ({user}) => ({subject: user, account: user}),
      details: ({except}) => ({but_own: except !== undefined}),
    },
  },
  async ({db}, {user, except}) => {
    const {id: userId} = await requirePerson(db, user);
    return {ended: await deleteSessionsOf(db, {userId, except})};
  },
);

export const endUserSession = change(
  'session end',
  {
    input: z.strictObject({user: userName, id: sessionId}),
    output: z.object({ended: z.number()}),
    isOwn,
    denial,
    records: {
      key: 'session.end',
      about: ({user}) => ({subject: user, account: user}),
      details: ({id}) => ({session: id}),
    },
  },
  async ({db}, {user, id}) => {
    const {id: userId} = await requirePerson(db, user);
    const ended = await deleteSessionsOf(db, {userId, only: id});
    if (ended === 0) throw new UnknownName('session', id);
    return {ended};
  },
);
