/** Random facts, callers and requests, out of few names, so that they meet. */
import fc from 'fast-check';
import type {Account, Caller} from '../../src/auth/caller.ts';
import type {Facts, Policy} from '../../src/auth/facts.ts';
import {type Role, roles, visibilities} from '../../src/metadata/words.ts';
import type {Scope} from '../../src/oci/scope.ts';
import {account, factsOf, namespace} from './world.ts';

const names = ['', 'web', 'web/app', 'web/app/deep', 'carl', 'olga', 'olga/x', 'new'] as const;
const teams = ['red', 'blue', 'green'] as const;

export const repositories = fc.constantFrom(
  'alpine',
  'web',
  'carl',
  'web/app',
  'web/app/deep',
  'web/app/deep/er',
  'web2/app',
  'carl/app',
  'olga/app',
  'olga/x/y',
  'new/app',
  'old/app',
);

export const policies: fc.Arbitrary<Policy> = fc.record({
  createOnPush: fc.constantFrom('nobody', 'admins', 'users'),
  push: fc.constantFrom('members', 'own-name', 'admins'),
  contributorsDelete: fc.boolean(),
  anonymous: fc.boolean(),
});

export const someRoles: fc.Arbitrary<Readonly<Record<string, Role>>> = fc.dictionary(
  fc.constantFrom(...teams),
  fc.constantFrom(...roles),
);

export const worlds: fc.Arbitrary<Facts> = fc
  .record({
    namespaces: fc.uniqueArray(
      fc
        .tuple(
          fc.constantFrom(...names),
          fc.constantFrom(...visibilities),
          fc.constantFrom(...teams),
        )
        .map((parts) => namespace(...parts)),
      {selector: ({name}) => name},
    ),
    roles: someRoles,
    policy: policies,
    accountNames: fc.subarray(['carl', 'olga', 'root-admin']),
    occupied: fc.subarray(['old', 'web', 'new']),
    isOwnService: fc.boolean(),
  })
  .map(factsOf);

const limits = fc.option(
  fc.record({namespaces: fc.subarray([...names, 'old']), isPullOnly: fc.boolean()}),
  {nil: undefined},
);

export const accounts: fc.Arbitrary<Account> = fc
  .record({
    name: fc.constantFrom('carl', 'olga', 'bot'),
    isAdmin: fc.boolean(),
    isRobot: fc.boolean(),
    limits,
  })
  .map(({name, limits, ...rest}) => account(name, {...rest, ...(limits && {limits})}));

export const callers: fc.Arbitrary<Caller> = fc.oneof(
  {weight: 1, arbitrary: fc.constant({kind: 'anonymous'} as const)},
  {weight: 4, arbitrary: accounts},
);

export const scopes: fc.Arbitrary<Scope> = fc.record({
  type: fc.constantFrom('repository', 'repository', 'repository', 'registry', 'plugin'),
  name: fc.oneof(repositories, fc.constantFrom('catalog', 'Not/A/Name', '__proto__')),
  actions: fc.subarray(['pull', 'push', 'delete', '*', 'fly', 'constructor']),
});

export const requests = fc.array(scopes, {maxLength: 6});
