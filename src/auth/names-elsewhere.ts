/** Names that somebody has at a provider: no account of this registry's own may take one, or its owner could not log in any more. */
import {starlingxRules} from '../config/name-rules.ts';
import type {Config} from '../config/schema.ts';
import {errorText} from '../observability/error-text.ts';
import type {Log} from '../observability/log.ts';
import type {PasswordProvider} from './ports.ts';

/** In milliseconds. */
const patience = 10_000;

interface NameElsewhere {
  /** How the provider is called. */
  readonly source: string;
  /** Else it could not be asked. */
  readonly isCertain: boolean;
}

/** Who has the name, or may have it. */
export type FindNameElsewhere = (name: string) => Promise<NameElsewhere | undefined>;

/** Whose rights are by rules for the one of Keystone: found without asking it, which may be down. */
const isKeystones = (
  {auth, namespaces}: Pick<Config, 'auth' | 'namespaces'>,
  name: string,
): boolean =>
  namespaces.policy === 'starlingx' &&
  auth.keystone.url !== undefined &&
  starlingxRules.some(({provider, accounts}) => provider === 'keystone' && accounts.includes(name));

export function nameFinder(
  config: Pick<Config, 'auth' | 'namespaces'>,
  providers: readonly PasswordProvider[],
  log: Log,
): FindNameElsewhere {
  return async (name) => {
    if (isKeystones(config, name)) return {source: 'Keystone', isCertain: true};
    let away: NameElsewhere | undefined;
    for (const provider of providers) {
      const {id, displayName: source} = provider;
      try {
        const isTaken = await provider.hasName?.(name, AbortSignal.timeout(patience));
        if (isTaken === true) return {source, isCertain: true};
      } catch (error) {
        const fields = {provider: id, username: name, finding: errorText(error)};
        log.warn(fields, 'whether the provider has this name too is not known');
        away ??= {source, isCertain: false};
      }
    }
    return away;
  };
}

/** Whether somebody there has the name; `unknown`: one that may say so can't. */
export type NameVerdict = 'taken' | 'unknown' | 'free';

/** For one person who looks for a name: whoever could not be asked once is not waited for again. */
export function nameKeeper(
  providers: readonly PasswordProvider[],
): () => (name: string) => Promise<NameVerdict> {
  const others = providers.filter(({id}) => id !== 'local');
  return () => {
    const away = new Set<PasswordProvider>();
    const ask = async (provider: PasswordProvider, name: string): Promise<NameVerdict> => {
      if (provider.hasName === undefined || away.has(provider)) return 'unknown';
      try {
        const isTaken = await provider.hasName(name, AbortSignal.timeout(patience));
        return isTaken ? 'taken' : 'free';
      } catch {
        // The log hears of an outage where somebody logs in there.
        away.add(provider);
        return 'unknown';
      }
    };
    return async (name) => {
      const verdicts = await Promise.all(others.map(async (provider) => ask(provider, name)));
      return (
        verdicts.find((each) => each === 'taken') ??
        verdicts.find((each) => each === 'unknown') ??
        'free'
      );
    };
  };
}
