/** Finds out who the caller of a request is. */
import type {Access} from '../../auth/access.ts';
import {credentialOf} from '../../auth/activities/origin.ts';
import type {Presented} from '../../auth/presented.ts';
import {parseAuthorization} from '../basic.ts';
import type {Context} from '../context.ts';
import {requestSignal} from '../request-signal.ts';

type Source = Pick<Access, 'verifier' | 'generations' | 'logins'>;

/** Rejects where accounts can't be read at present. */
export async function authenticate(ctx: Context, access: Source): Promise<Presented> {
  const authorization = parseAuthorization(ctx.get('Authorization'));
  switch (authorization.kind) {
    case 'none':
      return {kind: 'nothing'};
    case 'bearer':
      return presentedToken(authorization.token, ctx.req.socket, access);
    case 'basic': {
      const {username, password} = authorization;
      const {address} = ctx.state.client;
      const attempt = {username, password, address};
      const login = await access.logins.login(attempt, requestSignal(ctx));
      return login.outcome === 'accepted'
        ? {kind: 'account', account: login.account, credential: credentialOf(login)}
        : {kind: 'refused', refusal: login};
    }
    case 'malformed':
      return {kind: 'refused', refusal: {outcome: 'refused', reason: 'bad-credentials'}};
  }
}

async function presentedToken(
  text: string,
  connection: object,
  {verifier, generations}: Pick<Source, 'verifier' | 'generations'>,
): Promise<Presented> {
  const verification = await verifier.verify(text, connection);
  if (!('token' in verification)) return {kind: 'invalid-token'};
  const {outcome, token} = verification;
  if (!(await generations.isCurrent(token))) return {kind: 'invalid-token'};
  return {kind: outcome === 'accepted' ? 'token' : 'expired-token', token};
}
