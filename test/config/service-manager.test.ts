import test from 'ava';
import {takeServiceManager} from '../../src/config/service-manager.ts';

const alone = {pid: 20, parent: 10, isRelayed: false};
const relayed = {...alone, isRelayed: true};

test('what a service manager says is read, and taken out of the environment', (t) => {
  const env = {
    PATH: '/bin',
    NOTIFY_SOCKET: '@a',
    WATCHDOG_USEC: '3000000',
    WATCHDOG_PID: '20',
    LISTEN_FDS: '2',
    LISTEN_PID: '20',
    LISTEN_FDNAMES: 'a:b',
  };
  t.deepEqual(takeServiceManager(env, alone), {
    descriptors: [3, 4],
    notify: {socket: '@a', path: '/bin', watchdog: 3000},
  });
  t.deepEqual(env, {PATH: '/bin'});
});

test('without a service manager there is nothing to report and nothing to take', (t) => {
  t.deepEqual(takeServiceManager({}, alone), {descriptors: []});
});

for (const [whose, pid, own, watchdog, rest] of [
  ['of the process that hands everything on', '10', relayed, 1, {descriptors: [3]}],
  ['of another process', '10', alone, undefined, {descriptors: [], meantFor: 10}],
  ['of a third process', '7', relayed, undefined, {descriptors: [], meantFor: 7}],
] as const) {
  test(`sockets and the watchdog ${whose} are ${rest.descriptors.length > 0 ? 'taken' : 'left'}`, (t) => {
    const env = {
      NOTIFY_SOCKET: '/run/n',
      WATCHDOG_USEC: '1000',
      WATCHDOG_PID: pid,
      LISTEN_FDS: '1',
      LISTEN_PID: pid,
    };
    const notify = {socket: '/run/n', path: undefined, watchdog};
    t.deepEqual(takeServiceManager(env, own), {...rest, notify});
  });
}

test('numbers that are none are those of nobody', (t) => {
  const env = {
    NOTIFY_SOCKET: '/run/n',
    WATCHDOG_USEC: 'often',
    LISTEN_FDS: 'many',
    LISTEN_PID: '20',
  };
  t.deepEqual(takeServiceManager(env, alone), {
    descriptors: [],
    notify: {socket: '/run/n', path: undefined, watchdog: undefined},
  });
});
