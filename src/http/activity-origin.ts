/** From where a request comes, and by what its caller is known: what is written down of it. */
import type {Origin} from '../auth/activities/origin.ts';
import type {Presented} from '../auth/presented.ts';
import type {Credential} from '../metadata/activities.ts';
import type {Context} from './context.ts';

export const originOf = (
  {state: {id, client}}: Context,
  credential: Credential | undefined,
): Origin => ({address: client.address, requestId: id, credential});

/** Of a request to the registry, once the guard has looked at it. */
export const presentedOrigin = (ctx: Context, presented = ctx.state.presented): Origin =>
  originOf(ctx, presented && credentialOf(presented));

function credentialOf(presented: Presented): Credential | undefined {
  if ('token' in presented) return {kind: 'token', id: presented.token.id};
  return presented.kind === 'account' ? presented.credential : undefined;
}
