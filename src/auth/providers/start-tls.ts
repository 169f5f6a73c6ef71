/** Asks a directory to go on over TLS. What was heard in the clear must be its answer alone: the rest would be finished by what comes over TLS. */
import type {Socket} from 'node:net';
import {BerReader, type Client} from 'ldapts';

const startTls = '1.3.6.1.4.1.1466.20037';

/** Rejects with a ResultCodeError where it does not, and where more than its answer came. The client hears nothing any more afterwards. */
export async function askForTls(client: Client, socket: Socket): Promise<void> {
  const heard: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  await client.exop(startTls);
  socket.removeAllListeners('data');
  if (!isOneMessage(Buffer.concat(heard))) {
    throw new Error(
      'more than its answer to StartTLS came in the clear: somebody on the way may have put it there',
    );
  }
}

function isOneMessage(heard: Buffer): boolean {
  const reader = new BerReader(heard);
  reader.readSequence();
  return reader.offset + reader.length === heard.length;
}
