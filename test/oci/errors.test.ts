import test from 'ava';
import {errorCodes, type ErrorName, RegistryError} from '../../src/oci/errors.ts';
import {specifiedCodes} from '../support/specification.ts';

test('every error of a client carries one of the specification’s fourteen codes', (t) => {
  for (const name of Object.keys(errorCodes) as ErrorName[]) {
    const {status, errors} = new RegistryError(name);
    for (const {code, message} of errors) {
      t.true(status >= 500 || specifiedCodes.includes(code), name);
      t.regex(code, /^[A-Z_]+$/);
      t.regex(message, /\w/);
    }
  }
});

test('an error says the table’s sentence unless it has a better one, and has a detail only where there is one', (t) => {
  t.deepEqual(new RegistryError('BLOB_UNKNOWN').errors, [
    {code: 'BLOB_UNKNOWN', message: errorCodes.BLOB_UNKNOWN.message},
  ]);
  t.deepEqual(new RegistryError('BLOB_UNKNOWN', {message: 'gone', detail: {a: 1}}).errors, [
    {code: 'BLOB_UNKNOWN', message: 'gone', detail: {a: 1}},
  ]);
});

test('one error can say several things of one kind', (t) => {
  const error = new RegistryError('MANIFEST_INVALID', [{message: 'one'}, {message: 'two'}]);
  t.is(error.status, 400);
  t.is(error.message, 'one');
  t.deepEqual(
    error.errors.map(({message}) => message),
    ['one', 'two'],
  );
});

test('the cause stays with the error, and out of its answer', (t) => {
  const cause = new Error('secret');
  const error = new RegistryError('UNKNOWN', {cause});
  t.is(error.cause, cause);
  t.false(JSON.stringify(error.errors).includes('secret'));
});
