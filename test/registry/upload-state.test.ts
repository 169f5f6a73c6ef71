/** The state in a Location is signed: nobody else's, and not another upload's. */
import test from 'ava';
import {
  codesOf,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';

interface Parts {
  readonly path: string;
  readonly payload: string;
  readonly signature: string;
}

function partsOf(location: string): Parts {
  const [path = '', state = ''] = location.split('?_state=');
  const [payload = '', signature = ''] = state.split('.');
  return {path, payload, signature};
}

const decoded = (payload: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
const encoded = (state: object): string => Buffer.from(JSON.stringify(state)).toString('base64url');

/** Decodes to the same bits, where it ends 32 bytes. */
const next = (character: string): string => String.fromCharCode(character.charCodeAt(0) + 1);

interface Tampering {
  readonly status: number;
  readonly code: string;
  /** A Location made of this upload's and of another's. */
  readonly make: (own: Parts, other: Parts) => string;
}

const invalid = {status: 400, code: 'BLOB_UPLOAD_INVALID'};
const tamperings: Readonly<Record<string, Tampering>> = {
  'the state of another upload': {
    ...invalid,
    make: ({path}, {payload, signature}) => `${path}?_state=${payload}.${signature}`,
  },
  'an offset that was written by the client': {
    ...invalid,
    make: ({path, payload, signature}) =>
      `${path}?_state=${encoded({...decoded(payload), offset: 5})}.${signature}`,
  },
  'digests that were written by the client': {
    ...invalid,
    make: ({path, payload, signature}) =>
      `${path}?_state=${encoded({...decoded(payload), digests: [randomContent().digest]})}.${signature}`,
  },
  'a state without a signature': {
    ...invalid,
    make: ({path, payload}) => `${path}?_state=${payload}`,
  },
  'a signature that was cut': {
    ...invalid,
    make: ({path, payload, signature}) => `${path}?_state=${payload}.${signature.slice(0, -4)}`,
  },
  'a signature of zeros': {
    ...invalid,
    make: ({path, payload}) => `${path}?_state=${payload}.${'A'.repeat(43)}`,
  },
  'another spelling of the signature': {
    ...invalid,
    make: ({path, payload, signature}) =>
      `${path}?_state=${payload}.${signature.slice(0, -1)}${next(signature.slice(-1))}`,
  },
  'something behind the signature': {
    ...invalid,
    make: ({path, payload, signature}) => `${path}?_state=${payload}.${signature}.x`,
  },
  'an empty state': {...invalid, make: ({path}) => `${path}?_state=`},
  garbage: {...invalid, make: ({path}) => `${path}?_state=%00%ff.%25`},
  'no state': {status: 404, code: 'BLOB_UPLOAD_UNKNOWN', make: ({path}) => path},
  'the repository of another upload': {
    ...invalid,
    make: ({path, payload, signature}) =>
      `${path.replace('/v2/a/', '/v2/b/')}?_state=${payload}.${signature}`,
  },
};

const refused = test.macro({
  title: (_, what: string) => {
    const {status = 0, code = ''} = tamperings[what] ?? {};
    return `an upload address with ${what} answers ${status} ${code} to every method`;
  },
  async exec(t, what: string) {
    const {api} = await startInProcess(t);
    const {bytes, digest} = randomContent(10);
    const own = await startUpload(api, 'a');
    const other = await startUpload(api, 'a');
    const tampering = tamperings[what];
    const location = tampering?.make(partsOf(own), partsOf(other)) ?? '';
    const glue = location.includes('?') ? '&' : '?';
    for (const answer of [
      await api.get(location),
      await sendChunk(api, location, bytes, 0),
      await sendBytes(api, 'put', `${location}${glue}digest=${digest}`, bytes),
      await api.delete(location),
    ]) {
      t.is(answer.status, tampering?.status ?? 0);
      t.deepEqual(codesOf(answer), [tampering?.code]);
    }
    await sendBytes(api, 'put', withDigest(own, digest), bytes).expect(201);
  },
});

for (const what of Object.keys(tamperings)) test(refused, what);

test('a Location that another registry signed answers 400 BLOB_UPLOAD_INVALID', async (t) => {
  const [one, other] = [await startInProcess(t), await startInProcess(t)];
  const location = await startUpload(one.api, 'a');
  t.deepEqual(codesOf(await other.api.get(location).expect(400)), ['BLOB_UPLOAD_INVALID']);
});

test('an upload id that never was answers 404 BLOB_UPLOAD_UNKNOWN, whatever it looks like', async (t) => {
  const {api} = await startInProcess(t);
  for (const id of ['x', '..%2f..%2fetc', 'cafebabe-0000-4000-8000-000000000000', '%zz']) {
    const answer = await api.get(`/v2/a/blobs/uploads/${id}`).expect(404);
    t.deepEqual(codesOf(answer), ['BLOB_UPLOAD_UNKNOWN']);
  }
});
