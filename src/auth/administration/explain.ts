/** The operation that tells why somebody may do something, or may not. */
import {z} from 'zod';
import {accountOf} from '../account-source.ts';
import {adviceFor} from '../advice.ts';
import {decide} from '../authorize.ts';
import {type Caller, anonymous} from '../caller.ts';
import {explain} from '../explain.ts';
import {factSources} from '../fact-sources.ts';
import {policyOf, readFacts} from '../facts.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {namespaceName, userName} from './fields.ts';
import {requireUser} from './find.ts';
import {operation} from './operation.ts';

export const explainAccess = operation(
  'auth explain',
  {
    input: z.strictObject({
      /** Absent: a caller without an account. */
      user: userName.optional(),
      repository: namespaceName,
      action: z.enum(['pull', 'push', 'delete', '*'], 'must be one of pull, push, delete, *'),
    }),
    output: z.object({
      allowed: z.boolean(),
      rule: z.string(),
      explanation: z.string(),
      namespace: z.string().optional(),
      visibility: z.string().optional(),
      team: z.string().optional(),
      role: z.string().optional(),
      needs: z.string().optional(),
      pattern: z.string().optional(),
      /** What would change it. */
      advice: z.string().optional(),
    }),
  },
  async (context, {user, repository, action}) => {
    const caller = await callerOf(context, user);
    if (typeof caller === 'string') {
      const advice = `let him in again: holdfast user enable ${user ?? ''}`;
      return {allowed: false, rule: 'disabled', explanation: caller, advice};
    }
    const requested = [{type: 'repository', name: repository, actions: [action]}];
    const reader = {
      sources: factSources(context.db, context.isOccupied),
      policy: policyOf(context.config),
    };
    const facts = await readFacts(reader, caller, requested, true);
    const [reason] = decide(facts, caller, requested).reasons;
    if (reason === undefined) throw new AdministrationError('internal', 'nothing was decided');
    const {allowed, rule, namespace, visibility, team, role, needs, pattern} = reason;
    const explanation = explain(caller, reason);
    const advice = adviceFor(caller, reason);
    return {allowed, rule, explanation, namespace, visibility, team, role, needs, pattern, advice};
  },
);

/** Why he can't even log in; else as what he comes. */
async function callerOf(
  {db}: AdministrationContext,
  name: string | undefined,
): Promise<Caller | string> {
  if (name === undefined) return anonymous;
  const user = await requireUser(db, name);
  return user.isEnabled ? accountOf(user) : `${name} is disabled, and can't log in`;
}
