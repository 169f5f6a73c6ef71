/** What rules about names say: the first that is about the account, the repository and the action decides. */
import type {NameRule} from '../config/name-rules.ts';
import type {Account} from './caller.ts';

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
  action: NameRule['actions'][number],
): NameVerdict | undefined {
  for (const rule of rules) {
    if (!rule.actions.includes(action) || !isAbout(rule, caller)) continue;
    const pattern = rule.repositories.find((each) => fits(each, repository, caller.name));
    if (pattern !== undefined) return {allowed: rule.allow, pattern};
  }
  return undefined;
}

function isAbout({accounts, provider}: NameRule, caller: Account): boolean {
  if (provider !== undefined && provider !== caller.provider) return false;
  return accounts.includes('*') || accounts.includes(caller.name);
}

/** Component by component, so that neither `public` nor `publicity/x` fits `public/**`. */
function fits(pattern: string, repository: string, username: string): boolean {
  const wanted = pattern.split('/');
  const given = repository.split('/');
  const isOpen = wanted.at(-1) === '**';
  const fixed = isOpen ? wanted.slice(0, -1) : wanted;
  if (isOpen ? given.length <= fixed.length : given.length !== fixed.length) return false;
  return fixed.every((each, index) => {
    if (each === '*') return true;
    return given[index] === (each === '{username}' ? username : each);
  });
}
