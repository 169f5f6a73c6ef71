/** The operation that tells why somebody may do something, or may not. */
import {z} from 'zod';
import {accountOf} from '../account-source.ts';
import {adviceFor} from '../advice.ts';
import {decide} from '../authorize.ts';
import {type Caller, anonymous} from '../caller.ts';
import {explain, refusalDetail} from '../explain.ts';
import {factSources} from '../fact-sources.ts';
import {policyOf, readFacts} from '../facts.ts';
import type {Reason} from '../reason.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';
import {namespaceName, userName} from './fields.ts';
import {requireUser} from './find.ts';
import {question} from './operation.ts';

export const explainAccess = question(
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
    const reason = await reasonOf(context, caller, {repository, action});
    const {allowed, rule, namespace, visibility, team, role, needs, pattern} = reason;
    const explanation = explain(caller, reason);
    const advice = adviceFor(caller, reason);
    return {allowed, rule, explanation, namespace, visibility, team, role, needs, pattern, advice};
  },
);

/** What a request of his own would tell him: nothing of what others keep private. */
export const explainOwnAccess = question(
  'auth explain-own',
  {
    input: z.strictObject({
      repository: namespaceName,
      action: z.enum(['pull', 'push', 'delete'], 'must be one of pull, push, delete'),
    }),
    output: z.object({allowed: z.boolean(), explanation: z.string()}),
    isOwn: () => true,
  },
  async (context, asked, actor) => {
    const caller = actor.kind === 'account' ? actor : anonymous;
    const reason = await reasonOf(context, caller, asked);
    const {allowed} = reason;
    return {allowed, explanation: (allowed ? explain : refusalDetail)(caller, reason)};
  },
);

async function reasonOf(
  context: AdministrationContext,
  caller: Caller,
  {repository, action}: {readonly repository: string; readonly action: string},
): Promise<Reason> {
  const requested = [{type: 'repository', name: repository, actions: [action]}];
  const reader = {
    sources: factSources(context.db, context.isOccupied),
    policy: policyOf(context.config),
  };
  const facts = await readFacts(reader, caller, requested, true);
  const [reason] = decide(facts, caller, requested).reasons;
  if (reason === undefined) throw new AdministrationError('internal', 'nothing was decided');
  return reason;
}

/** Why he can't even log in; else as what he comes. */
async function callerOf(
  {db}: AdministrationContext,
  name: string | undefined,
): Promise<Caller | string> {
  if (name === undefined) return anonymous;
  const user = await requireUser(db, name);
  return user.isEnabled ? accountOf(user) : `${name} is disabled, and can't log in`;
}
