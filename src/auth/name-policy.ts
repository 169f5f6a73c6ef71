/** What rules about names say: the first that is about the account, the repository and the action decides. */
import type {NameRule} from '../config/name-rules.ts';
import type {Account} from './caller.ts';

type Action = NameRule['actions'][number];

interface NameVerdict {
  readonly allowed: boolean;
  /** What of the rule the name fitted. */
  readonly pattern: string;
}

/** `undefined`: none is about it, so it is refused. */
export function judgeNames(
  rules: readonly NameRule[],
  caller: Account,
  repository: string,
  action: Action,
): NameVerdict | undefined {
  for (const rule of rules) {
    if (!rule.actions.includes(action) || !isAbout(rule, caller, action)) continue;
    const pattern = rule.repositories.find((each) => fits(each, repository, caller));
    if (pattern !== undefined) return {allowed: rule.allow, pattern};
  }
  return undefined;
}

/** A robot has what it is named for, and what everybody may pull. */
function isAbout({accounts, provider}: NameRule, caller: Account, action: Action): boolean {
  if (provider !== undefined && provider !== caller.provider) return false;
  if (accounts.includes(caller.name)) return true;
  return accounts.includes('*') && (!caller.isRobot || action === 'pull');
}

/** Component by component, so that neither `public` nor `publicity/x` fits `public/**`. */
function fits(pattern: string, repository: string, {name, isRobot}: Account): boolean {
  const wanted = pattern.split('/');
  const given = repository.split('/');
  const isOpen = wanted.at(-1) === '**';
  const fixed = isOpen ? wanted.slice(0, -1) : wanted;
  if (isOpen ? given.length <= fixed.length : given.length !== fixed.length) return false;
  return fixed.every((each, index) => {
    if (each === '*') return true;
    if (each === '{username}') return given[index] === name && !isRobot;
    return given[index] === each;
  });
}
