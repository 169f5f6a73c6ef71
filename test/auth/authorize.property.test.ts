/** What holds of every decision, whatever the facts. */
import test from 'ava';
import fc from 'fast-check';
import {decide, type Decision} from '../../src/auth/authorize.ts';
import type {Caller} from '../../src/auth/caller.ts';
import {roles, visibilities} from '../../src/metadata/words.ts';
import type {Scope} from '../../src/oci/scope.ts';
import {tries} from '../support/properties.ts';
import {account} from './world.ts';
import {accounts, callers, repositories, requests, worlds} from './worlds.ts';

const many = tries(1000);

/** Every single right, sorted; `*` of a repository is the three of them. */
function rightsIn(scopes: readonly Scope[]): readonly string[] {
  return sortedOnce(
    scopes.flatMap(({type, name, actions}) =>
      actions
        .flatMap((each) =>
          type === 'repository' && each === '*' ? ['pull', 'push', 'delete'] : [each],
        )
        .map((action) => `${type}:${name}:${action}`),
    ),
  );
}

function sortedOnce(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}

function isWithin(some: readonly string[], all: readonly string[]): boolean {
  const known = new Set(all);
  return some.every((each) => known.has(each));
}

const rightsOf = (decision: Decision) => rightsIn(decision.granted);
const everything = repositories.map((name): readonly Scope[] => [
  {type: 'repository', name, actions: ['pull', 'push', 'delete', '*']},
  {type: 'registry', name: 'catalog', actions: ['*']},
]);

test('nothing is granted that was not asked for', (t) => {
  fc.assert(
    fc.property(worlds, callers, requests, (facts, caller, requested) => {
      const {granted} = decide(facts, caller, requested);
      t.true(isWithin(rightsIn(granted), rightsIn(requested)));
      t.true(granted.every(({actions}) => actions.length > 0));
      const names = granted.map(({type, name}) => `${type}:${name}`);
      t.is(new Set(names).size, names.length);
    }),
    many,
  );
});

test('there is one reason for each type, name and action, and what it allows is granted', (t) => {
  fc.assert(
    fc.property(worlds, callers, requests, (facts, caller, requested) => {
      const {granted, reasons} = decide(facts, caller, requested);
      const keys = reasons.map(({type, name, action}) => `${type}:${name}:${action}`);
      const asked = requested.flatMap(({type, name, actions}) =>
        actions.map((action) => `${type}:${name}:${action}`),
      );
      t.deepEqual(keys.toSorted(), [...new Set(asked)].toSorted());
      const literally = new Set(
        granted.flatMap(({type, name, actions}) =>
          actions.map((action) => `${type}:${name}:${action}`),
        ),
      );
      for (const {type, name, action, allowed} of reasons) {
        const key = `${type}:${name}:${action}`;
        // A part of a refused star may be granted under its own name.
        if (action === '*' || allowed) t.is(literally.has(key), allowed, key);
        else t.false(literally.has(key), key);
      }
    }),
    many,
  );
});

test('what is asked for together is granted as if asked for one by one, in any order', (t) => {
  fc.assert(
    fc.property(worlds, callers, requests, (facts, caller, requested) => {
      const together = decide(facts, caller, requested);
      const backwards = decide(facts, caller, requested.toReversed());
      const single = requested
        .flatMap(({type, name, actions}) => actions.map((each) => ({type, name, actions: [each]})))
        .map((scope) => decide(facts, caller, [scope]));
      const granted = rightsOf(together);
      t.deepEqual(granted, sortedOnce(single.flatMap(rightsOf)));
      t.deepEqual(rightsOf(backwards), granted);
      t.deepEqual(sortedOnce(backwards.creates), sortedOnce(together.creates));
      t.deepEqual(sortedOnce(single.flatMap(({creates}) => creates)), sortedOnce(together.creates));
    }),
    many,
  );
});

test('a higher role, and an admin, never may less', (t) => {
  fc.assert(
    fc.property(worlds, accounts, everything, (facts, caller, requested) => {
      const rights = [undefined, ...roles].map((role) => {
        const teams = ['red', 'blue', 'green'].map((team) => `id of ${team}`);
        const held = role ? teams.map((team) => [team, role] as const) : [];
        return rightsOf(decide({...facts, roles: new Map(held)}, caller, requested));
      });
      rights.push(rightsOf(decide(facts, {...caller, isAdmin: true}, requested)));
      if (caller.isRobot) rights.pop();
      rights.reduce((lower, higher) => {
        t.true(isWithin(lower, higher));
        return higher;
      });
    }),
    many,
  );
});

test('a namespace that is more open never may be pulled from by fewer', (t) => {
  fc.assert(
    fc.property(worlds, callers, everything, (facts, caller, requested) => {
      visibilities
        .map((visibility) => {
          const opened = [...facts.namespaces.values()].map((each) => ({...each, visibility}));
          const namespaces = new Map(opened.map((each) => [each.name, each]));
          return rightsOf(decide({...facts, namespaces}, caller, requested));
        })
        .reduce((closed, open) => {
          t.true(isWithin(closed, open));
          return open;
        });
    }),
    many,
  );
});

test('the limits of a token never grant more, and pull-only grants pull alone', (t) => {
  fc.assert(
    fc.property(worlds, accounts, everything, (facts, caller, requested) => {
      const {limits, ...unlimited} = caller;
      const decision = decide(facts, caller, requested);
      const limited = rightsOf(decision);
      t.true(isWithin(limited, rightsOf(decide(facts, unlimited, requested))));
      if (limits?.isPullOnly !== true) return;
      t.false(limited.some((each) => /:(?:push|delete)$/.test(each)));
      t.deepEqual(decision.creates, []);
    }),
    many,
  );
});

test('without an account nobody ever may push or delete, or more than each account', (t) => {
  fc.assert(
    fc.property(worlds, accounts, everything, (facts, caller, requested) => {
      const anonymous: Caller = {kind: 'anonymous'};
      const rights = rightsOf(decide(facts, anonymous, requested));
      t.false(rights.some((each) => /:(?:push|delete)$/.test(each)));
      const {name, isAdmin, isRobot} = caller;
      const unlimited = account(name, {isAdmin, isRobot});
      t.true(isWithin(rights, rightsOf(decide(facts, unlimited, requested))));
    }),
    many,
  );
});
