/** Names that somebody has at a provider: no account of this registry's own may take one, or its owner could not log in any more. */
import {starlingxRules} from '../config/name-rules.ts';
import type {Config} from '../config/schema.ts';
import {errorText} from '../observability/error-text.ts';
import type {Log} from '../observability/log.ts';
import type {PasswordProvider} from './ports.ts';

/** In milliseconds. */
const patience = 10_000;

/** How the provider is called where somebody has the name. */
export type FindNameElsewhere = (name: string) => Promise<string | undefined>;

/** Whose rights are by rules for the one of Keystone: found without asking it, which may be down. */
export const isKeystones = (
  {auth, namespaces}: Pick<Config, 'auth' | 'namespaces'>,
  name: string,
): boolean =>
  namespaces.policy === 'starlingx' &&
  auth.keystone.url !== undefined &&
  starlingxRules.some(({provider, accounts}) => provider === 'keystone' && accounts.includes(name));

/** A provider that can't be asked keeps nobody from making an account: the log tells of it. */
export function nameFinder(
  config: Pick<Config, 'auth' | 'namespaces'>,
  providers: readonly PasswordProvider[],
  log: Log,
): FindNameElsewhere {
  return async (name) => {
    if (isKeystones(config, name)) return 'Keystone';
    for (const provider of providers) {
      const isTaken = await provider
        .hasName?.(name, AbortSignal.timeout(patience))
        .catch((error: unknown) => {
          const fields = {provider: provider.id, username: name, finding: errorText(error)};
          log.warn(fields, 'whether the provider has this name too is not known');
          return false;
        });
      if (isTaken === true) return provider.displayName;
    }
    return undefined;
  };
}

/** Whether the name is to stay free, as somebody there may have it: a provider that can't say counts as one that says so. */
export function nameKeeper(
  providers: readonly PasswordProvider[],
): (name: string) => Promise<boolean> {
  const remote = providers.filter(({trustFor}) => trustFor !== undefined);
  return async (name) => {
    const answers = remote.map(
      async (provider) =>
        (await provider.hasName?.(name, AbortSignal.timeout(patience)).catch(() => true)) ?? true,
    );
    return (await Promise.all(answers)).includes(true);
  };
}
