import {KeystoneProvider} from '../../../src/auth/providers/keystone.ts';
import {passwordProviderContract} from '../../contract/password-provider.ts';
import {keystonePrograms, startKeystone} from '../../support/keystone.ts';
import {shared} from '../../support/lifetime.ts';
import {missingPrograms} from '../../support/programs.ts';
import {keptLog} from '../workbench.ts';

/** Keystone does one thing after the other. */
const timeout = '60s';

const cloud = shared(async (life) => startKeystone(life));
let domains = 0;

/** Each test has users of its own, in a domain of their own. */
passwordProviderContract(
  async (t, passwords) => {
    const keystone = await cloud(t);
    domains += 1;
    const domain = await keystone.addDomain(`domain${domains}`);
    for (const [name, password] of Object.entries(passwords)) {
      await keystone.addUser(name, {password, domain});
    }
    return new KeystoneProvider({
      settings: keystone.settings({domain, timeout}),
      log: keptLog().log,
    });
  },
  {missing: missingPrograms(keystonePrograms), tellsNames: false, atOnce: 24},
);
