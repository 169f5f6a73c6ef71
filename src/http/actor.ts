/** Whose name goes into histories and lists. */
import type {Context} from './context.ts';

/** `undefined`: nobody who is known. */
export function actorOf({state: {presented}}: Context): string | undefined {
  if (presented?.kind === 'account') return presented.account.name;
  const token = presented && 'token' in presented ? presented.token : undefined;
  return token?.subject === '' ? undefined : token?.subject;
}
