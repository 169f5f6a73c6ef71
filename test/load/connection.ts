/** A connection that says just what it is told to, at the pace it is told to. */
import net from 'node:net';
import {setTimeout as pass} from 'node:timers/promises';
import {parseAnswer, type StrictAnswer} from './answers.ts';

export interface Speech {
  readonly pieces: readonly Buffer[];
  /** Milliseconds between the pieces. */
  readonly pause: number;
  /** What the client does behind the last piece. */
  readonly ending: 'wait' | 'end' | 'reset';
  /** Of the requests, as far as somebody could say. */
  readonly methods: readonly string[];
}

/** The answers that came, 1xx left out; `isDone`: as many as there were methods. Throws MalformedAnswer. */
export interface Hearing {
  readonly answers: readonly StrictAnswer[];
  readonly isDone: boolean;
  /** In milliseconds, until the last answer. */
  readonly elapsed: number;
}

/** Longer than all time-outs of the server together. */
const longest = 15_000;

export async function speak(port: number, speech: Speech): Promise<Hearing> {
  const startedAt = performance.now();
  const socket = net.connect({host: '127.0.0.1', port, allowHalfOpen: true});
  socket.setNoDelay();
  try {
    const hearing = listen(socket, speech.methods);
    void say(socket, speech);
    const {answers, isDone} = await hearing;
    return {answers, isDone, elapsed: performance.now() - startedAt};
  } finally {
    socket.destroy();
  }
}

async function say(socket: net.Socket, {pieces, pause, ending}: Speech): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || socket.errored) return;
    const taken = new Promise((resolve) => socket.write(piece, resolve));
    await Promise.race([taken, pass(longest, undefined, {ref: false})]);
    if (pause > 0) await pass(pause);
  }
  if (ending === 'end') socket.end();
  if (ending === 'reset') socket.resetAndDestroy();
}

async function listen(
  socket: net.Socket,
  methods: readonly string[],
): Promise<Omit<Hearing, 'elapsed'>> {
  const {promise, resolve, reject} = Promise.withResolvers<Omit<Hearing, 'elapsed'>>();
  const answers: StrictAnswer[] = [];
  let chunks: Buffer[] = [];
  const read = (isClosed: boolean): void => {
    let bytes = Buffer.concat(chunks);
    try {
      while (answers.length < methods.length) {
        const parsed = parseAnswer(bytes, methods[answers.length] ?? 'GET', isClosed);
        if (!parsed) break;
        bytes = Buffer.from(parsed.rest);
        if (parsed.answer.status >= 200) answers.push(parsed.answer);
      }
    } catch (error) {
      reject(error instanceof Error ? error : new Error('not an answer', {cause: error}));
    }
    chunks = [bytes];
    const isDone = answers.length >= methods.length;
    if (isDone || isClosed) resolve({answers, isDone});
  };
  const timer = setTimeout(() => {
    resolve({answers, isDone: false});
  }, longest);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    read(false);
  });
  socket.on('error', () => undefined);
  socket.on('end', () => {
    read(true);
  });
  socket.on('close', () => {
    read(true);
  });
  return promise.finally(() => {
    clearTimeout(timer);
  });
}
