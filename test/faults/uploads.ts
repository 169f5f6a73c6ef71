/** Requests that bring the bytes of a blob. */
import {strict as assert} from 'node:assert';
import {checkpointLine} from '../../storage-drivers/filesystem/checkpoint.ts';
import {pushBlob, randomContent, startUpload, withDigest} from '../support/content.ts';
import {keys, writeKey} from '../support/disk.ts';
import {type RawAnswer} from '../support/raw-request.ts';

import {
  digestPath,
  finishUpload,
  joiningUploadOf,
  lookAt,
  octets,
  patchedUploadOf,
  type Prepare,
  uploadOf,
} from './phase.ts';

/** A PATCH with the bytes of a blob between two offsets; those before are there. */
const appended =
  ({
    size,
    from,
    to,
  }: {
    readonly size: number;
    readonly from: number;
    readonly to: number;
  }): Prepare =>
  async (server, name) => {
    const blob = randomContent(size);
    const location = await uploadOf(server, name, from, blob);
    return {
      method: 'PATCH',
      path: location,
      headers: octets,
      body: blob.bytes.subarray(from, to),
      status: 202,
      // It may have been kept: the answer tells where to go on.
      repeated: [416],
      look: async (isDone) =>
        lookAt(server, digestPath(name, blob), blob.bytes, isDone ? 'either' : 'gone'),
      end: async () => finishUpload(server, name, location, blob),
    };
  };

/** A PATCH that does not say where its bytes belong; so many of those before are being joined. */
const joined =
  ({joining}: {readonly joining: number}): Prepare =>
  async (server, name) => {
    const blob = randomContent(30_000);
    const from = joining === 0 ? 10_000 : joining;
    const location =
      joining === 0
        ? await patchedUploadOf(server, name, blob.bytes.subarray(0, from))
        : await joiningUploadOf(server, name, joining, blob);
    return {
      method: 'PATCH',
      path: location,
      headers: octets,
      body: blob.bytes.subarray(from),
      status: 202,
      // It may have been kept: the answer tells where to go on.
      repeated: [416],
      look: async (isDone) =>
        lookAt(server, digestPath(name, blob), blob.bytes, isDone ? 'either' : 'gone'),
      end: async () => finishUpload(server, name, location, blob),
    };
  };

export const uploads: Readonly<Record<string, Prepare>> = {
  'POST of a whole blob': async (server, name) => {
    const blob = randomContent(1_500_000);
    return Promise.resolve({
      method: 'POST',
      path: `/v2/${name}/blobs/uploads/?digest=${blob.digest}`,
      headers: octets,
      body: blob.bytes,
      status: 201,
      tidies: true,
      look: async (isDone) =>
        lookAt(server, digestPath(name, blob), blob.bytes, isDone ? 'there' : 'either'),
    });
  },
  'POST of a whole blob that another repository has': async (server, name) => {
    const blob = randomContent(10_000);
    await pushBlob(server.api, `${name}-other`, blob);
    return {
      method: 'POST',
      path: `/v2/${name}/blobs/uploads/?digest=${blob.digest}`,
      headers: octets,
      body: blob.bytes,
      status: 201,
      tidies: true,
      look: async (isDone) => {
        await lookAt(server, digestPath(name, blob), blob.bytes, isDone ? 'there' : 'either');
        await lookAt(server, digestPath(`${name}-other`, blob), blob.bytes, 'there');
      },
    };
  },
  'POST of a mount': async (server, name) => {
    const blob = randomContent(1000);
    await pushBlob(server.api, `${name}-other`, blob);
    return {
      method: 'POST',
      path: `/v2/${name}/blobs/uploads/?mount=${blob.digest}&from=${name}-other`,
      status: 201,
      look: async (isDone) =>
        lookAt(server, digestPath(name, blob), blob.bytes, isDone ? 'there' : 'either'),
    };
  },
  'POST of an upload': async (_server, name) =>
    Promise.resolve({method: 'POST', path: `/v2/${name}/blobs/uploads/`, status: 202}),
  'first PATCH': appended({size: 1_500_000, from: 0, to: 1_200_000}),
  'third PATCH': appended({size: 30_000, from: 10_000, to: 20_000}),
  'GET of the status of an upload': async (server, name) => {
    const blob = randomContent(30_000);
    const path = await uploadOf(server, name, 10_000, blob);
    const judge = ({headers}: RawAnswer): void => {
      assert.equal(headers.range, '0-9999');
    };
    const end = async () => finishUpload(server, name, path, blob);
    return {method: 'GET', path, status: 204, judge, end};
  },
  'GET of the status of an upload whose writer died': async (server, name, faulty) => {
    const blob = randomContent(30_000);
    const path = await startUpload(server.api, name);
    // A chunk that failed makes the process forget what it knew of the upload: then it looks at the disk.
    faulty.arm({call: 'writev', code: 'EIO'});
    await server.api.patch(path).set(octets).send('x').expect(503);
    faulty.disarm();
    const id = /uploads\/([0-9a-f-]+)\?/.exec(path)?.[1] ?? '';
    const part = `${keys.uploads(name)}/${id}/000000000000000.segment.1-0a.`;
    await writeKey(server, `${part}part`, blob.bytes.subarray(0, 12_000));
    await writeKey(server, `${part}checkpoint`, checkpointLine(10_000));
    const judge = ({headers}: RawAnswer): void => {
      assert.equal(headers.range, '0-9999');
    };
    const end = async () => finishUpload(server, name, path, blob);
    return {method: 'GET', path, status: 204, judge, end};
  },
  'closing PUT of one chunk': async (server, name) => {
    const blob = randomContent(1_200_000);
    const location = await uploadOf(server, name, 0, blob);
    const path = withDigest(location, blob.digest);
    return {
      method: 'PUT',
      path,
      headers: octets,
      body: blob.bytes,
      status: 201,
      repeated: [404, 416],
      tidies: true,
      look: async (isDone) =>
        lookAt(server, digestPath(name, blob), blob.bytes, isDone ? 'there' : 'either'),
      end: async () => finishUpload(server, name, location, blob),
    };
  },
  'PATCH that begins a join': joined({joining: 0}),
  'PATCH that is added to a join': joined({joining: 20_000}),
  'closing PUT of chunks that are joined meanwhile': async (server, name) => {
    const blob = randomContent(30_000);
    const location = await joiningUploadOf(server, name, 20_000, blob);
    return {
      method: 'PUT',
      path: withDigest(location, blob.digest),
      headers: octets,
      body: blob.bytes.subarray(20_000),
      status: 201,
      // The last chunk may have been kept.
      repeated: [404, 416],
      tidies: true,
      look: async (isDone) =>
        lookAt(server, digestPath(name, blob), blob.bytes, isDone ? 'there' : 'either'),
      end: async () => finishUpload(server, name, location, blob),
    };
  },
  'closing PUT of chunks that said where they belong': async (server, name) => {
    const blob = randomContent(30_000);
    const location = await uploadOf(server, name, 30_000, blob);
    return {
      method: 'PUT',
      path: withDigest(location, blob.digest),
      status: 201,
      repeated: [404],
      tidies: true,
      look: async (isDone) =>
        lookAt(server, digestPath(name, blob), blob.bytes, isDone ? 'there' : 'either'),
      end: async () => finishUpload(server, name, location, blob),
    };
  },
};
