/** What the Location of an upload says about it, signed, so that any process can go on where another stopped. */
import {createHmac, createSecretKey, type KeyObject, timingSafeEqual} from 'node:crypto';
import {z} from 'zod';
import {type Digest, type DigestAlgorithm, isDigest} from '../oci/digest.ts';
import {RegistryError} from '../oci/errors.ts';
import type {RepositoryName} from '../oci/name.ts';

const stateSchema = z.strictObject({
  name: z.string(),
  id: z.string(),
  /** Bytes that had arrived when the Location was given out. */
  offset: z.int().nonnegative(),
  /** The algorithm that the client announced, where it is not sha256. */
  algorithm: z.enum(['sha512']).optional(),
  /** Digests of those bytes. */
  digests: z.array(z.custom<Digest>((value) => typeof value === 'string' && isDigest(value))),
});

export interface UploadState {
  readonly name: RepositoryName;
  readonly id: string;
  readonly offset: number;
  readonly algorithm?: Exclude<DigestAlgorithm, 'sha256'> | undefined;
  readonly digests: readonly Digest[];
}

export class UploadStates {
  readonly #secret: KeyObject;

  constructor(secret: Uint8Array) {
    this.#secret = createSecretKey(secret);
  }

  /** URL-safe: `<payload>.<HMAC>`. */
  seal(state: UploadState): string {
    const payload = Buffer.from(JSON.stringify(state)).toString('base64url');
    return `${payload}.${this.#sign(payload)}`;
  }

  /** Throws BLOB_UPLOAD_UNKNOWN where there is none, BLOB_UPLOAD_INVALID where it is not ours, or another upload's. */
  open(text: string | undefined, name: RepositoryName, id: string): UploadState {
    if (text === undefined) throw new RegistryError('BLOB_UPLOAD_UNKNOWN', {detail: {upload: id}});
    const payload = text.split('.', 1)[0] ?? '';
    // Compared as text: several texts decode to the same bytes.
    const expected = Buffer.from(`${payload}.${this.#sign(payload)}`);
    const given = Buffer.from(text);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw invalid();
    const state = stateSchema.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
    if (state.name !== name || state.id !== id) throw invalid();
    return {...state, name};
  }

  #sign(payload: string): string {
    return createHmac('sha256', this.#secret).update(payload).digest('base64url');
  }
}

const invalid = (): RegistryError =>
  new RegistryError('BLOB_UPLOAD_INVALID', {
    message:
      'the state in the upload address was not signed by this registry: use the Location of the last answer unchanged',
  });
