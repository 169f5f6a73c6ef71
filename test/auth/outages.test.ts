/** What the log is told of providers that can't be asked. */
import test from 'ava';
import {Outages} from '../../src/auth/outages.ts';
import {DirectoryFault, DirectoryUnavailable} from '../../src/auth/providers/directory-fault.ts';
import {ProviderFault} from '../../src/auth/providers/provider-fault.ts';
import {keptLog} from './workbench.ts';

function frame() {
  const {log, lines} = keptLog();
  const clock = {time: 0};
  const outages = new Outages(log, () => clock.time);
  const told = () => lines.filter(({level}) => level !== 'debug');
  return {outages, clock, lines, told};
}

const down = () => new ProviderFault({url: 'https://id.example', finding: 'down', advice: 'look'});

test('a fault is one line with what was found and what to change, and its stack is for debug', (t) => {
  const {outages, lines} = frame();
  outages.tell('oidc:corp', down());
  const fields = {
    provider: 'oidc:corp',
    url: 'https://id.example',
    finding: 'down',
    advice: 'look',
  };
  t.deepEqual(
    lines.map(({level}) => level),
    ['error', 'debug'],
  );
  t.deepEqual(lines[0]?.fields, fields);
  t.true(lines[1]?.fields['err'] instanceof ProviderFault);
});

test('the same fault is told again after a minute, with how often it came meanwhile', (t) => {
  const {outages, clock, told} = frame();
  for (const time of [0, 1, 59_999]) {
    clock.time = time;
    outages.tell('oidc:corp', down());
  }
  t.is(told().length, 1);
  clock.time = 60_000;
  outages.tell('oidc:corp', down());
  t.is(told().length, 2);
  t.is(told()[1]?.fields['times'], 3);
});

test('another fault, and the fault of another provider, are told at once', (t) => {
  const {outages, told} = frame();
  outages.tell('oidc:corp', down());
  outages.tell('oidc:other', down());
  outages.tell('oidc:corp', new ProviderFault({url: 'https://id.example', finding: 'slow'}));
  t.is(told().length, 3);
});

test('of a directory with several hosts each has its line, with the step', (t) => {
  const {outages, told} = frame();
  const faults = ['ldap://a', 'ldap://b'].map(
    (url) => new DirectoryFault({url, step: 'connect', finding: 'nothing listens there'}),
  );
  outages.tell('ldap', new DirectoryUnavailable(faults));
  t.deepEqual(
    told().map(({fields}) => fields),
    ['ldap://a', 'ldap://b'].map((url) => ({
      provider: 'ldap',
      url,
      step: 'connect',
      finding: 'nothing listens there',
    })),
  );
});

test('that it can be asked again is told once, and the fault that comes back within the minute is not', (t) => {
  const {outages, told} = frame();
  outages.isOver('oidc:corp');
  outages.tell('oidc:corp', down());
  outages.isOver('oidc:corp');
  outages.isOver('oidc:corp');
  outages.tell('oidc:corp', down());
  outages.isOver('oidc:corp');
  t.deepEqual(
    told().map(({message}) => message),
    ['provider can not be asked', 'provider can be asked again'],
  );
});

test('of a wrong setting nobody is told that it is over: a check does not find out', (t) => {
  const {outages, told} = frame();
  const finding = 'invalid_client';
  outages.tell(
    'oidc:corp',
    new ProviderFault({url: 'https://id.example', finding, isOfSetup: true}),
  );
  outages.isOver('oidc:corp');
  t.is(told().length, 1);
});

test('a provider that finds other words each time is told each time, and fills no memory', (t) => {
  const {outages, told} = frame();
  for (let count = 0; count < 1000; count += 1) outages.tell('ldap', new Error(`word ${count}`));
  t.is(told().length, 1000);
});
