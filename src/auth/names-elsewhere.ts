/** Names that somebody has at a provider: no account of this registry's own may take one, or its owner could not log in any more. */
import {errorText} from '../observability/error-text.ts';
import type {Log} from '../observability/log.ts';
import type {PasswordProvider} from './ports.ts';

/** In milliseconds. */
const patience = 10_000;

/** How the provider is called where somebody has the name. */
export type FindNameElsewhere = (name: string) => Promise<string | undefined>;

/** A provider that can't be asked keeps nobody from making an account: the log tells of it. */
export function nameFinder(providers: readonly PasswordProvider[], log: Log): FindNameElsewhere {
  return async (name) => {
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
