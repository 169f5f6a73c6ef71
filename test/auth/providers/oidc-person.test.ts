import test from 'ava';
import {personOf} from '../../../src/auth/providers/oidc-person.ts';
import {oidcSettings} from '../../../src/config/oidc-schema.ts';

const provider = {id: 'corp', issuer: 'https://login.example.org', clientId: 'holdfast'};

function identityOf(more: object, claims: object) {
  const [settings] = oidcSettings.parse([{...provider, ...more}]);
  if (!settings) throw new Error('there are no settings');
  const person = personOf({iss: provider.issuer, sub: '1', ...claims}, settings);
  return person.outcome === 'accepted' ? person.identity : undefined;
}

test('an address that the provider has not verified makes no admin, and puts nobody into a team', (t) => {
  const admins = [{claim: 'email', value: '*@corp.example'}];
  const email = 'mallory@corp.example';
  t.is(identityOf({admins}, {email, email_verified: false})?.isAdmin, false);
  t.is(identityOf({admins}, {email, email_verified: true})?.isAdmin, true);
  const teams = [{group: '*@corp.example', team: 'staff', as: 'viewer'}];
  const byAddress = {claims: {groups: 'email'}, teams};
  t.deepEqual(identityOf(byAddress, {email, email_verified: false})?.teams, []);
  t.is(identityOf(byAddress, {email})?.teams?.length, 1);
});

test('a group whose name only becomes that of a team when it is lowered is no such team', (t) => {
  const teams = [{group: '*', as: 'owner'}];
  const found = identityOf({teams}, {groups: ['\u212A8s', 'Infra', 'b\u00fcro']});
  t.deepEqual(found?.teams, [{team: 'infra', role: 'owner'}]);
});
