import test from 'ava';
import fc from 'fast-check';
import {formatScope, parseScope} from '../../src/oci/scope.ts';

for (const [text, scope] of [
  ['repository:a/b:pull,push', {type: 'repository', name: 'a/b', actions: ['pull', 'push']}],
  ['repository:a:pull,pull', {type: 'repository', name: 'a', actions: ['pull']}],
  ['registry:catalog:*', {type: 'registry', name: 'catalog', actions: ['*']}],
  ['repository(plugin):a/b:pull', {type: 'repository', name: 'a/b', actions: ['pull']}],
  ['repository:host:5000/a:pull', {type: 'repository', name: 'host:5000/a', actions: ['pull']}],
  ['repository:a:', {type: 'repository', name: 'a', actions: []}],
] as const) {
  test(`${text} is a scope`, (t) => {
    t.deepEqual(parseScope(text), scope);
  });
}

for (const text of [
  '',
  'repository',
  'repository:a',
  'repository::pull',
  ':a:pull',
  'repository:a b:pull',
  'repository:a:pull,',
  'repository:a:PULL',
  'repository:a"b:pull',
  'repository(plugin:a:pull',
  `repository:${'a'.repeat(5000)}:pull`,
]) {
  test(`${JSON.stringify(text.slice(0, 40))} is no scope`, (t) => {
    t.is(parseScope(text), undefined);
  });
}

test('what is parsed is written so that it is parsed alike', (t) => {
  const word = fc.stringMatching(/^[a-z0-9]{1,10}$/);
  const name = fc.stringMatching(/^[a-z0-9./:_-]{1,40}$/);
  const actions = fc.uniqueArray(fc.constantFrom('pull', 'push', 'delete', '*'));
  fc.assert(
    fc.property(word, name, actions, (type, path, list) => {
      const scope = {type, name: path, actions: list};
      t.deepEqual(parseScope(formatScope(scope)), scope);
    }),
  );
});

test('any text is parsed or refused, quickly', (t) => {
  fc.assert(
    fc.property(fc.string({maxLength: 6000}), (text) => {
      t.not(parseScope(text)?.name, '');
    }),
  );
});
