/** Every way to push a blob, at sizes around the buffers on the way; the bytes come back as they went. */
import {Readable} from 'node:stream';
import test from 'ava';
import {
  type Api,
  type Content,
  emptyContent,
  getBytes,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {rawRequest} from '../support/raw-request.ts';

type Algorithm = 'sha256' | 'sha512';
/** Pushes and answers the Location of the blob. */
type Push = (server: InProcess, name: string, content: Content, digest: string) => Promise<string>;

const close = async (api: Api, location: string, digest: string, bytes?: Buffer) => {
  const path = withDigest(location, digest);
  const answer = await (bytes ? sendBytes(api, 'put', path, bytes) : api.put(path)).expect(201);
  return answer.get('Location') ?? '';
};

/** Three pieces, of which some are empty where the whole is small. */
const inThree = (bytes: Buffer): readonly Buffer[] => {
  const third = Math.floor(bytes.length / 3);
  return [bytes.subarray(0, third), bytes.subarray(third, 2 * third), bytes.subarray(2 * third)];
};

const streamOf = (bytes: Buffer): Readable =>
  Readable.from(
    inThree(bytes).filter((piece) => piece.length > 0),
    {objectMode: false},
  );

async function patch(api: Api, location: string, bytes: Buffer): Promise<string> {
  const answer = await sendBytes(api, 'patch', location, bytes).expect(202);
  return answer.get('Location') ?? '';
}

const octets = {'Content-Type': 'application/octet-stream'};

const forms: Readonly<Record<string, Push>> = {
  'POST and PUT': async ({api}, name, {bytes}, digest) =>
    close(api, await startUpload(api, name), digest, bytes),

  'a single POST': async ({api}, name, {bytes}, digest) => {
    const path = `/v2/${name}/blobs/uploads/?digest=${digest}`;
    const answer = await sendBytes(api, 'post', path, bytes).expect(201);
    return answer.get('Location') ?? '';
  },

  'chunks with Content-Range': async ({api}, name, {bytes}, digest) => {
    let location = await startUpload(api, name);
    let start = 0;
    for (const chunk of inThree(bytes).filter(({length}) => length > 0)) {
      const answer = await sendChunk(api, location, chunk, start).expect(202);
      start += chunk.length;
      location = answer.get('Location') ?? '';
    }
    return close(api, location, digest);
  },

  'chunks without Content-Range': async ({api}, name, {bytes}, digest) => {
    let location = await startUpload(api, name);
    for (const chunk of inThree(bytes)) location = await patch(api, location, chunk);
    return close(api, location, digest);
  },

  'a streamed PATCH': async (server, name, {bytes}, digest) => {
    const path = await startUpload(server.api, name);
    const body = streamOf(bytes);
    const {headers} = await rawRequest(server, {method: 'PATCH', path, headers: octets, body});
    return close(server.api, headers.location ?? '', digest);
  },

  'a last chunk in the PUT': async ({api}, name, {bytes}, digest) => {
    const [first = Buffer.of(), ...rest] = inThree(bytes);
    const location = await patch(api, await startUpload(api, name), first);
    return close(api, location, digest, Buffer.concat(rest));
  },

  'a streamed PUT': async (server, name, {bytes}, digest) => {
    const path = withDigest(await startUpload(server.api, name), digest);
    const body = streamOf(bytes);
    const {headers} = await rawRequest(server, {method: 'PUT', path, headers: octets, body});
    return headers.location ?? '';
  },

  'an announced algorithm': async ({api}, name, {bytes}, digest) => {
    const [algorithm = ''] = digest.split(':');
    const location = await startUpload(api, name, `?digest-algorithm=${algorithm}`);
    const [first = Buffer.of(), ...rest] = inThree(bytes);
    return close(api, await patch(api, location, first), digest, Buffer.concat(rest));
  },
};

const sizes = {
  sha256: [0, 1, 65_535, 65_536, 65_537, 1_048_575, 1_048_576, 1_048_577],
  sha512: [0, 2, 65_537, 2_500_000],
};

const comesBack = test.macro({
  title: (_, form: string, algorithm: Algorithm) =>
    `a blob pushed by ${form} under its ${algorithm} comes back byte for byte, whatever its size`,
  async exec(t, form: string, algorithm: Algorithm) {
    const server = await startInProcess(t);
    for (const size of sizes[algorithm]) {
      const content = size === 0 ? emptyContent : randomContent(size);
      const digest = algorithm === 'sha256' ? content.digest : content.sha512;
      const name = `forms/of-${size}`;
      const location = await forms[form]?.(server, name, content, digest);
      t.is(location, `/v2/${name}/blobs/${digest}`);
      for (const each of new Set([digest, content.digest])) {
        const answer = await getBytes(server.api, `/v2/${name}/blobs/${each}`).expect(200);
        t.is(answer.get('Docker-Content-Digest'), each);
        t.is(answer.get('Content-Length'), String(size));
        t.true(content.bytes.equals(answer.body as Buffer), `${size} bytes`);
      }
    }
  },
});

for (const form of Object.keys(forms)) {
  test(comesBack, form, 'sha256');
  test(comesBack, form, 'sha512');
}
