/** Opens all that concerns accounts: who may do what, how they come to be, and what administers them. */
import {runDirectory} from '../config/data-directory.ts';
import {type Access, type AccessOptions, openAccess} from './access.ts';
import type {AdministrationContext} from './administration/context.ts';
import {BcryptThread} from './bcrypt-thread.ts';
import {ImportProgress} from './import-progress.ts';
import {FirstAdmin, type SetupState} from './first-admin.ts';
import type {Logins} from './login.ts';
import {PasswordHasher} from './password-hash.ts';
import type {PasswordProvider} from './ports.ts';
import type {RedirectLogins} from './redirect-logins.ts';
import {SealedLogins} from './sealed-logins.ts';
import {Sessions} from './sessions.ts';
import {SignUp} from './sign-up.ts';

export interface OpenAccounts {
  readonly access: Access;
  /** For people who make their accounts themselves. */
  readonly accounts: {
    readonly firstAdmin: FirstAdmin;
    readonly logins: Logins;
    /** Those of passwords, in the order in which they are asked. */
    readonly passwordProviders: readonly Pick<PasswordProvider, 'id' | 'displayName'>[];
    readonly redirectLogins: RedirectLogins;
    readonly sealedLogins: SealedLogins;
    readonly sessions: Sessions;
    readonly signUp: SignUp;
    /** For what they administer of their own. */
    readonly context: AdministrationContext;
  };
  readonly setup: SetupState;
  readonly context: AdministrationContext;
}

/** Rejects as openAccess does, and with a ConfigError; then nothing stays open. `access` is to be closed. */
export async function openAccounts(
  options: Omit<AccessOptions, 'hasher' | 'bcrypt'> & {
    /** Is told of what the operations have changed. */
    readonly onChange: () => void;
  },
): Promise<OpenAccounts> {
  await using stack = new AsyncDisposableStack();
  const bcrypt = new BcryptThread();
  stack.defer(async () => bcrypt.close());
  const hasher = new PasswordHasher(bcrypt);
  const access = await openAccess({...options, hasher, bcrypt});
  stack.defer(async () => access.close());
  const {config, isOccupied, log, now, onChange} = options;
  const {db, findNameElsewhere, keys, locks, logins, notes, providers, redirectLogins} = access;
  const common = {
    config,
    hasher,
    isOccupied,
    log,
    now,
    db,
    findNameElsewhere,
    locks,
    notes,
    onChange: (): void => {
      access.accountsChanged();
      onChange();
    },
  };
  const firstAdmin = new FirstAdmin({...common, directory: runDirectory(config)});
  const setup = await firstAdmin.prepare();
  const opened = stack.move();
  const context = {
    ...common,
    keys: async () => Promise.resolve(keys),
    importing: new ImportProgress(),
  };
  return {
    access: {...access, close: async () => opened.disposeAsync()},
    accounts: {
      firstAdmin,
      logins,
      passwordProviders: providers,
      redirectLogins,
      sealedLogins: new SealedLogins(() => now().getTime()),
      sessions: new Sessions({
        db,
        expiresIn: config.auth.sessionExpiresIn,
        rememberFor: config.auth.rememberFor,
        now,
      }),
      signUp: new SignUp(common),
      context,
    },
    setup,
    context,
  };
}
