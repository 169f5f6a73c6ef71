import test from 'ava';
import {isRepositoryName} from '../../src/oci/name.ts';
import {parseUserName} from '../../src/oci/user-name.ts';

for (const text of ['a', '0', 'ada', 'ada.lovelace', 'ci-bot_7', 'a'.repeat(128)]) {
  test(`${text} is a name of an account, and the first part of repositories' names`, (t) => {
    t.is<string | undefined, string>(parseUserName(text), text);
    t.true(isRepositoryName(`${text}/app`));
  });
}

for (const text of [
  ...['', 'Ada', '.ada', 'ada-', 'a..b', 'a__b', 'a/b', 'a b', 'a:b', 'ä', 'ada\n', '-'],
  'a'.repeat(129),
]) {
  test(`${JSON.stringify(text)} is no name of an account`, (t) => {
    t.is(parseUserName(text), undefined);
  });
}
