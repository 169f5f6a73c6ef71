/** What clients do to uploads: each command asks the server, checks its answer by the model, and moves the model on. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {hashOf} from '../support/content.ts';
import {boundarySizes, smallSizes} from '../support/seeded-bytes.ts';
import {
  addBlob,
  addUpload,
  type Framing,
  latest,
  nameIn,
  newBytes,
  progress,
  rangeOf,
  type Real,
  refused,
  repositories,
  send,
  type Upload,
  type UploadModel,
} from './upload-model.ts';

export type UploadCommand = fc.AsyncCommand<UploadModel, Real>;

export const size = fc.oneof(
  {weight: 4, arbitrary: fc.constantFrom(...smallSizes)},
  {weight: 2, arbitrary: fc.constantFrom(...boundarySizes)},
);
export const repository = fc.constantFrom(...repositories);
export const algorithm = fc.constantFrom('sha256' as const, 'sha512' as const);
export const framing = fc.constantFrom<Framing>('length', 'chunked');
/** Which of those that there are; it is taken modulo their number. */
export const pick = fc.nat({max: 20});

export function at<T>(list: readonly T[], which: number): T {
  const item = list[which % list.length];
  if (item === undefined) throw new RangeError('there is none');
  return item;
}

const open = ({uploads}: UploadModel): readonly Upload[] => uploads.filter(({isOver}) => !isOver);

/** A command on an upload that is not over. */
export function onOpen(
  title: string,
  which: number,
  run: (upload: Upload, model: UploadModel, real: Real) => Promise<void>,
): UploadCommand {
  return {
    check: (model) => open(model).length > 0,
    run: async (model, real) => run(at(open(model), which), model, real),
    toString: () => `${title} of upload ${which}`,
  };
}

const start = fc
  .tuple(repository, fc.constantFrom('', '?digest-algorithm=sha512', '?digest-algorithm=sha256'))
  .map(([where, query]): UploadCommand => ({
    check: ({uploads}) => uploads.length < 6,
    run: async (model, real) => {
      const name = nameIn(model, where);
      addUpload(model, name, await send(real, 'POST', `/v2/${name}/blobs/uploads/${query}`));
    },
    toString: () => `start in ${where}${query}`,
  }));

const append = fc.tuple(pick, size, framing, fc.boolean()).map(([which, length, how, isRanged]) =>
  onOpen(
    `append ${length} ${how}${isRanged ? ' ranged' : ''}`,
    which,
    async (upload, model, real) => {
      const bytes = newBytes(model, length);
      const first = upload.bytes.length;
      const contentRange = isRanged ? `${first}-${first + length - 1}` : undefined;
      const body = {bytes, framing: how, contentRange};
      const answer = await send(real, 'PATCH', latest(upload), body);
      assert.equal(answer.status, 202);
      progress(upload, answer, Buffer.concat([upload.bytes, bytes]));
    },
  ),
);

/** Chunks that belong elsewhere: over what is there, beyond it, or by an address that is older. */
const misplace = fc
  .tuple(pick, size, fc.integer({min: -3, max: 3}), framing)
  .map(([which, length, shift, how]) =>
    onOpen(`misplace ${length} by ${shift} ${how}`, which, async (upload, model, real) => {
      const there = upload.bytes.length;
      const stale = upload.locations.find(({offset}) => offset !== there);
      const start = there + shift;
      if (shift === 0 ? !stale : start < 0) return;
      const contentRange = shift === 0 ? undefined : `${start}-${start + length - 1}`;
      const path = shift === 0 ? stale?.path : latest(upload);
      const body = {bytes: newBytes(model, length), framing: how, contentRange};
      const answer = await send(real, 'PATCH', path ?? '', body);
      refused(answer, 416, 'BLOB_UPLOAD_INVALID');
      assert.equal(answer.headers.range, rangeOf(there));
    }),
  );

/** A chunk whose Content-Range announces another length than comes. */
const misannounce = fc
  .tuple(pick, size, fc.integer({min: -2, max: 2}), framing)
  .filter(([, length, shift]) => shift !== 0 && length + shift > 0)
  .map(([which, length, shift, how]) =>
    onOpen(`misannounce ${length} by ${shift} ${how}`, which, async (upload, model, real) => {
      const first = upload.bytes.length;
      const bytes = newBytes(model, length);
      const contentRange = `${first}-${first + length + shift - 1}`;
      const answer = await send(real, 'PATCH', latest(upload), {bytes, framing: how, contentRange});
      refused(answer, how === 'chunked' && shift < 0 ? 413 : 400, 'SIZE_INVALID');
      // Fewer than announced are kept, for the client to go on from.
      const isKept = how === 'chunked' && shift > 0;
      const kept = isKept ? Buffer.concat([upload.bytes, bytes]) : upload.bytes;
      const status = await send(real, 'GET', latest(upload));
      assert.equal(status.status, 204);
      progress(upload, status, kept);
    }),
  );

const status = fc.tuple(pick, pick).map(([which, older]): UploadCommand => ({
  check: ({uploads}) => uploads.length > 0,
  run: async ({uploads}, real) => {
    const upload = at(uploads, which);
    const answer = await send(real, 'GET', at(upload.locations, older).path);
    if (upload.isOver) refused(answer, 404, 'BLOB_UPLOAD_UNKNOWN');
    else {
      assert.equal(answer.status, 204);
      progress(upload, answer, upload.bytes);
    }
  },
  toString: () => `status of upload ${which} by address ${older}`,
}));

const finish = fc
  .tuple(pick, fc.oneof(fc.constant(0), size), framing, algorithm, fc.boolean())
  .map(([which, length, how, named, isRanged]) =>
    onOpen(
      `finish with ${length} ${how} ${named}${isRanged ? ' ranged' : ''}`,
      which,
      async (upload, model, real) => {
        const last = newBytes(model, length);
        const first = upload.bytes.length;
        const bytes = Buffer.concat([upload.bytes, last]);
        const digest = hashOf(named, bytes);
        const contentRange = isRanged && length > 0 ? `${first}-${bytes.length - 1}` : undefined;
        const body = length === 0 ? undefined : {bytes: last, framing: how, contentRange};
        const answer = await send(real, 'PUT', `${latest(upload)}&digest=${digest}`, body);
        assert.equal(answer.status, 201);
        assert.equal(answer.headers['docker-content-digest'], digest);
        upload.isOver = true;
        addBlob(model, upload.name, bytes, digest);
      },
    ),
  );

/** The bytes are not those of the digest: nothing is published, and the upload is over. */
const finishWrong = fc.tuple(pick, size, algorithm).map(([which, length, named]) =>
  onOpen(`finish wrongly with ${length} ${named}`, which, async (upload, model, real) => {
    const digest = hashOf(named, newBytes(model, 32));
    const body = {bytes: newBytes(model, length), framing: 'length'} as const;
    const answer = await send(real, 'PUT', `${latest(upload)}&digest=${digest}`, body);
    refused(answer, 400, 'DIGEST_INVALID');
    upload.isOver = true;
    const head = await send(real, 'HEAD', `/v2/${upload.name}/blobs/${digest}`);
    assert.equal(head.status, 404);
  }),
);

const cancel = pick.map((which) =>
  onOpen('cancel', which, async (upload, _model, real) => {
    assert.equal((await send(real, 'DELETE', latest(upload))).status, 204);
    upload.isOver = true;
  }),
);

const restart = fc.constant<UploadCommand>({
  check: () => true,
  run: async (_model, real) => {
    await real.restart();
  },
  toString: () => 'restart',
});

export const uploadCommands = {
  start,
  append,
  misplace,
  misannounce,
  status,
  finish,
  finishWrong,
  cancel,
  restart,
};
