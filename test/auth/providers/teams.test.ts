import test from 'ava';
import type {TeamRole} from '../../../src/auth/ports.ts';
import {teamRoles} from '../../../src/auth/providers/team-roles.ts';
import {base} from '../../support/slapd.ts';
import {fakeDirectory} from '../../support/fake-directory.ts';
import {identityOf, login} from './ldap-workbench.ts';

test('of several roles in one team the highest counts, whatever comes last', (t) => {
  const found: readonly TeamRole[] = [
    {team: 'Makers', role: 'contributor'},
    {team: 'makers', role: 'owner'},
    {team: 'MAKERS', role: 'viewer'},
    {team: 'others', role: 'viewer'},
  ];
  const highest = [
    {team: 'makers', role: 'owner'},
    {team: 'others', role: 'viewer'},
  ];
  t.deepEqual(teamRoles(found), highest);
  t.deepEqual(teamRoles(found.toReversed()), highest.toReversed());
});

test('a name that only becomes that of a team when it is lowered is no such team', (t) => {
  const role = 'owner';
  const found = ['\u212A8s', 'B\u00DCRO', '\u0130t'].map((team) => ({team, role}) as const);
  t.deepEqual(teamRoles(found), [{team: 'b\u00fcro', role}]);
});

test('with an anonymous search, groups are searched as nobody, too', async (t) => {
  const askers: string[] = [];
  const settings = await fakeDirectory(
    t,
    {
      search: (dn, asker) => {
        askers.push(`${dn} ${asker}`);
        if (dn !== 'ou=groups') return {[`uid=anna,${base}`]: {uid: ['anna'], entryUUID: ['1']}};
        return asker === '' ? {'cn=makers,ou=groups': {cn: ['makers']}} : {};
      },
    },
    {groups: {base: 'ou=groups'}},
  );
  t.deepEqual(identityOf(await login(settings))?.teams, [{team: 'makers', role: 'viewer'}]);
  t.deepEqual(askers, [`${base} `, 'ou=groups ']);
});

test('groups of a directory have the role of their name, however it is written', async (t) => {
  const groups = ['Makers', 'makers', 'Platform', 'constructor', '\u212A8s'];
  const settings = await fakeDirectory(
    t,
    {
      search: (dn) =>
        dn === 'ou=groups'
          ? Object.fromEntries(groups.map((cn, index) => [`cn=g${index},ou=groups`, {cn: [cn]}]))
          : {[`uid=anna,${base}`]: {uid: ['anna'], entryUUID: ['of anna']}},
    },
    {groups: {base: 'ou=groups', roles: {MAKERS: 'owner', platform: 'contributor', k8s: 'owner'}}},
  );
  const teams = identityOf(await login(settings))?.teams ?? [];
  t.deepEqual(Object.fromEntries(teams.map(({team, role}) => [team, role])), {
    makers: 'owner',
    platform: 'contributor',
    constructor: 'viewer',
  });
});
