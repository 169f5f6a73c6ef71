import {randomUUID} from 'node:crypto';
import {LdapProvider} from '../../../src/auth/providers/ldap.ts';
import {passwordProviderContract} from '../../contract/password-provider.ts';
import {shared} from '../../support/lifetime.ts';
import {missingPrograms} from '../../support/programs.ts';
import {startSlapd} from '../../support/slapd.ts';
import {keptLog} from '../workbench.ts';

const directory = shared(async (life) => startSlapd(life));

/** Each test has people of its own, in a unit of their own. */
passwordProviderContract(
  async (t, passwords) => {
    const slapd = await directory(t);
    const unit = randomUUID();
    const base = await slapd.addUnit(unit);
    for (const [name, password] of Object.entries(passwords)) {
      await slapd.addPerson(name, {password, unit});
    }
    return new LdapProvider({settings: slapd.settings({base}), log: keptLog().log});
  },
  {missing: missingPrograms(['slapd'])},
);
