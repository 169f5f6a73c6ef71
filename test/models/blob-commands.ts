/** What clients do to blobs once they are there. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {hashOf} from '../support/content.ts';
import {
  algorithm,
  at,
  framing,
  pick,
  repository,
  size,
  type UploadCommand,
} from './upload-commands.ts';
import {
  addBlob,
  addUpload,
  type Blob,
  nameIn,
  newBytes,
  type Real,
  refused,
  send,
  type UploadModel,
} from './upload-model.ts';

interface Place {
  readonly name: string;
  readonly digest: string;
  readonly blob: Blob;
  readonly isHeld: boolean;
}

/** A command on a blob that somebody has pushed, under one of its digests, in a repository that may hold it. */
const onBlob = (
  title: string,
  run: (place: Place, model: UploadModel, real: Real) => Promise<void>,
) =>
  fc.tuple(pick, repository, algorithm).map(([which, where, named]): UploadCommand => ({
    check: ({blobs}) => blobs.size > 0,
    run: async (model, real) => {
      const blob = at([...model.blobs.values()], which);
      const name = nameIn(model, where);
      const digest = blob[named];
      const isHeld = model.links.has(`${name} ${digest}`);
      await run({name, digest, blob, isHeld}, model, real);
    },
    toString: () => `${title} blob ${which} by ${named} in ${where}`,
  }));

const push = fc
  .tuple(repository, fc.oneof(fc.constant(0), size), framing, algorithm)
  .map(([where, length, how, named]): UploadCommand => ({
    check: () => true,
    run: async (model, real) => {
      const name = nameIn(model, where);
      const bytes = newBytes(model, length);
      const digest = hashOf(named, bytes);
      const path = `/v2/${name}/blobs/uploads/?digest=${digest}`;
      const answer = await send(real, 'POST', path, {bytes, framing: how});
      assert.equal(answer.status, 201);
      addBlob(model, name, bytes, digest);
    },
    toString: () => `push ${length} ${how} ${named} to ${where}`,
  }));

const look = onBlob('look at', async ({name, digest, blob, isHeld}, _model, real) => {
  const {status, headers} = await send(real, 'HEAD', `/v2/${name}/blobs/${digest}`);
  assert.equal(status, isHeld ? 200 : 404);
  if (isHeld) assert.equal(headers['content-length'], String(blob.bytes.length));
});

const pull = onBlob('pull', async ({name, digest, blob, isHeld}, _model, real) => {
  const answer = await send(real, 'GET', `/v2/${name}/blobs/${digest}`);
  if (!isHeld) refused(answer, 404, 'BLOB_UNKNOWN');
  else {
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['docker-content-digest'], digest);
    assert.ok(answer.body.equals(blob.bytes));
  }
});

const remove = onBlob('delete', async ({name, digest, isHeld}, model, real) => {
  const answer = await send(real, 'DELETE', `/v2/${name}/blobs/${digest}`);
  if (!isHeld) refused(answer, 404, 'BLOB_UNKNOWN');
  else assert.equal(answer.status, 202);
  model.links.delete(`${name} ${digest}`);
});

const mountFrom = repository.chain((source) =>
  onBlob(`mount from ${source}`, async ({name, digest, blob}, model, real) => {
    const from = nameIn(model, source);
    const path = `/v2/${name}/blobs/uploads/?mount=${digest}&from=${from}`;
    const answer = await send(real, 'POST', path);
    if (model.links.has(`${from} ${digest}`)) {
      assert.equal(answer.status, 201);
      addBlob(model, name, blob.bytes, digest);
    } else addUpload(model, name, answer);
  }),
);

const mountAnywhere = onBlob('mount', async ({name, digest, blob}, model, real) => {
  // Others may have pushed as little.
  if (blob.bytes.length < 100) return;
  const answer = await send(real, 'POST', `/v2/${name}/blobs/uploads/?mount=${digest}`);
  if (digest === blob.sha256 || blob.isKnownBySha512) {
    assert.equal(answer.status, 201);
    addBlob(model, name, blob.bytes, digest);
  } else addUpload(model, name, answer);
});

export const blobCommands = {push, look, pull, remove, mountFrom, mountAnywhere};
