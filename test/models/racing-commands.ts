/** Connections that are cut, and chunks that race: what is kept is the server's choice, within what was sent. */
import assert from 'node:assert/strict';
import net from 'node:net';
import fc from 'fast-check';
import {framing, onOpen, pick, size} from './upload-commands.ts';
import {
  latest,
  newBytes,
  offsetIn,
  progress,
  type Real,
  send,
  type Upload,
} from './upload-model.ts';

const cut = fc
  .tuple(pick, size, fc.double({min: 0, max: 1, noNaN: true}))
  .map(([which, length, part]) =>
    onOpen(`cut ${length} at ${part}`, which, async (upload, model, real) => {
      const bytes = newBytes(model, length);
      await sendAndCut(real, upload, bytes, Math.floor(length * part));
      const answer = await send(real, 'GET', latest(upload));
      assert.equal(answer.status, 204);
      const before = upload.bytes.length;
      const kept = offsetIn(answer.headers.location ?? '') - before;
      assert.ok(kept >= 0 && kept <= Math.floor(length * part), `${kept} bytes were kept`);
      progress(upload, answer, Buffer.concat([upload.bytes, bytes.subarray(0, kept)]));
    }),
  );

/** Resolves when the system has taken the part, and the connection is gone. */
async function sendAndCut(
  {server}: Real,
  upload: Upload,
  bytes: Buffer,
  sent: number,
): Promise<void> {
  const socket = net.connect({host: '127.0.0.1', port: server.port});
  const gone = new Promise<void>((resolve) => {
    socket
      .once('error', () => undefined)
      .once('close', () => {
        resolve();
      });
  });
  socket.write(
    `PATCH ${latest(upload)} HTTP/1.1\r\nHost: test\r\nContent-Length: ${bytes.length}\r\n\r\n`,
  );
  // A body that is all there is answered like any other.
  const part = bytes.subarray(0, Math.min(sent, bytes.length - 1));
  socket.write(part, () => socket.resetAndDestroy());
  await gone;
}

const race = fc.tuple(pick, size, size, framing).map(([which, one, other, how]) =>
  onOpen(`race ${one} against ${other} ${how}`, which, async (upload, model, real) => {
    const chunks = [newBytes(model, one), newBytes(model, other)];
    const path = latest(upload);
    const before = upload.bytes.length;
    const answers = await Promise.all(
      chunks.map(async (bytes) => send(real, 'PATCH', path, {bytes, framing: how})),
    );
    const winners = chunks.filter((_, index) => answers[index]?.status === 202);
    const losers = answers.filter(({status}) => status !== 202);
    assert.ok(winners.length < 2);
    for (const loser of losers) assert.equal(loser.status, 416);
    const status = await send(real, 'GET', path);
    const [winner] = winners;
    if (winner) progress(upload, status, Buffer.concat([upload.bytes, winner]));
    else {
      // The first was ended by the second, and a part of it is there: nobody can tell of which.
      assert.ok(offsetIn(status.headers.location ?? '') >= before);
      assert.equal((await send(real, 'DELETE', path)).status, 204);
      upload.isOver = true;
    }
  }),
);

export const racingCommands = {cut, race};
