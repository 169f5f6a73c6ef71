/** Who asks for a change, and by what request: for histories, and for those who are told of it. */
import type {Origin} from '../metadata/events/event.ts';
import {presentedOrigin} from './activity-origin.ts';
import type {Context} from './context.ts';

/** In characters: clients call themselves what they like. */
const longestAgent = 255;

export function originOf(ctx: Context): Origin {
  const {id, client} = ctx.state;
  const doer = doerOf(ctx);
  const {address, protocol, host, prefix} = client;
  return {
    actor: doer?.name,
    doer,
    credential: presentedOrigin(ctx).credential,
    request: {
      id,
      address,
      host,
      method: ctx.method,
      userAgent: ctx.get('User-Agent').slice(0, longestAgent),
      base: host === '' ? '' : `${protocol}://${host}${prefix}`,
    },
  };
}

/** Absent: nobody who is known. */
function doerOf({state: {presented}}: Context): Origin['doer'] {
  if (presented?.kind === 'account') {
    const {id, name, isRobot} = presented.account;
    return {kind: isRobot ? 'robot' : 'account', id, name};
  }
  const token = presented && 'token' in presented ? presented.token : undefined;
  if (!token || token.subject === '') return undefined;
  return {kind: 'account', id: token.accountId, name: token.subject};
}
