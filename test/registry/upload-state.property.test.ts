import test from 'ava';
import fc from 'fast-check';
import {digestOf} from '../../src/oci/digest.ts';
import {RegistryError} from '../../src/oci/errors.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {UploadStates} from '../../src/registry/upload-state.ts';
import {tries} from '../support/properties.ts';

const state = fc.record({
  name: fc.stringMatching(/^[a-z0-9]{1,20}(\/[a-z0-9]{1,20})?$/).map(parseRepositoryName),
  id: fc.uuid(),
  offset: fc.nat({max: 2 ** 48}),
  algorithm: fc.constantFrom(undefined, 'sha512' as const),
  digests: fc.array(
    fc.uint8Array({maxLength: 4}).map((bytes) => digestOf(bytes)),
    {maxLength: 2},
  ),
});
const secret = fc.uint8Array({minLength: 32, maxLength: 32});

test('what was sealed is opened, and needs no escaping in an address', (t) => {
  fc.assert(
    fc.property(secret, state, (key, given) => {
      const states = new UploadStates(key);
      const sealed = states.seal(given);
      t.is(encodeURIComponent(sealed), sealed);
      const {algorithm, ...rest} = given;
      t.deepEqual(states.open(sealed, given.name, given.id), {
        ...rest,
        ...(algorithm ? {algorithm} : {}),
      });
    }),
    tries(300),
  );
});

test('a sealed state of which any character is another, is missing or is one too many is refused', (t) => {
  const character = fc.oneof(
    fc.stringMatching(/^[\w.-]$/),
    fc.string({minLength: 1, maxLength: 1}),
  );
  fc.assert(
    fc.property(state, fc.nat(), fc.nat({max: 2}), character, (given, where, kind, other) => {
      const states = new UploadStates(Buffer.from('a secret of the registry'));
      const sealed = states.seal(given);
      const at = where % (sealed.length + 1);
      const [before, after] = [sealed.slice(0, at), sealed.slice(at)];
      const changed = [
        before + other + after.slice(1),
        before + after.slice(1),
        before + other + after,
      ][kind];
      if (changed === sealed) return;
      const error = t.throws(() => states.open(changed, given.name, given.id), {
        instanceOf: RegistryError,
      });
      t.is(error.errors[0]?.code, 'BLOB_UPLOAD_INVALID');
    }),
    tries(1500),
  );
});
