/** Why a sign-in at a provider came to nothing. Addresses are anybody's: they choose among our sentences, and say nothing themselves. */
import english from '../../texts/english.json';
import {t} from '../../texts/texts.ts';
import {Told} from './refused.tsx';

const known = english.account.signIn.problems;
type Known = keyof typeof known;

const isKnown = (problem: string): problem is Known => Object.hasOwn(known, problem);

export function SignInProblem({
  problem,
  provider = t('account.signIn.provider'),
  request,
}: {
  readonly problem: string;
  readonly provider?: string | undefined;
  /** By which the log has it. */
  readonly request: string | null;
}) {
  const key = isKnown(problem) ? problem : 'failed';
  const isId = request !== null && /^[\w-]{8,64}$/.test(request);
  return (
    <Told
      text={t(`account.signIn.problems.${key}`, {provider})}
      more={isId ? `${t('problems.request')} ${request}` : undefined}
    />
  );
}
