/** The connections of one server and the answers under way on them: who may be cut, and when, is decided here. */
import type {Server, ServerResponse} from 'node:http';
import {Server as Listener, type Socket} from 'node:net';
import {setImmediate as nextTurn, setTimeout as sleep} from 'node:timers/promises';

/** Requests that may wait behind the one that is being answered: clients of registries send none ahead, and each holds memory. */
const mostWaiting = 100;
/** What has not become a request in this time after the stop, in milliseconds, will not. */
const grace = 1000;
/** In milliseconds: a short turn of the event loop, and how long it is waited for. */
const quiet = 0.3;
const longestWait = 500;

export class Connections {
  readonly #server: Server;
  /** As the system has accepted them, below TLS. */
  readonly #sockets = new Set<Socket>();
  readonly #answers = new Set<ServerResponse>();
  /** Requests whose work goes on, be their connections cut or not. */
  readonly #handling = new Set<Promise<void>>();
  readonly #waiting = new WeakMap<Socket, number>();
  #isDraining = false;
  /** Idle connections are kept for a moment yet. */
  #isKeepingIdle = false;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  /**
   * Calls `handle` when the answers before this one on its connection have been given. All at once, a few packets full of requests would
   * open thousands of files.
   */
  take(answer: ServerResponse, handle: () => Promise<void> | void): void {
    const begin = (): void => {
      this.#add(answer);
      const handling = Promise.resolve(handle()).finally(() => this.#handling.delete(handling));
      this.#handling.add(handling);
    };
    if (answer.socket) {
      begin();
      return;
    }
    const {socket} = answer.req;
    const waiting = this.#waiting.get(socket) ?? 0;
    this.#waiting.set(socket, waiting + 1);
    if (waiting >= mostWaiting) socket.destroy();
    answer.once('socket', () => {
      this.#waiting.set(socket, (this.#waiting.get(socket) ?? 1) - 1);
      begin();
    });
  }

  /** Requests whose answers are not given yet. */
  get underWay(): number {
    return this.#answers.size;
  }

  /** Whether the client has got a part of an answer, and waits for the rest. */
  isAnswering(socket: Socket): boolean {
    return [...this.#answers].some((answer) => answer.socket === socket && answer.headersSent);
  }

  /** The connection as the system has it, of one that was to speak TLS. */
  below(socket: Socket): Socket | undefined {
    const peer = peerOf(socket);
    return this.#sockets.values().find((each) => peerOf(each) === peer);
  }

  /**
   * Refuses new connections, closes those without a request, lets the others finish for `timeout` milliseconds, then cuts them. A proxy may just have
   * sent a push on an idle connection, and could not send it twice: those it gets a moment for, and is told by each answer to use no more.
   */
  async drain(timeout: number, {isBehindProxy}: {readonly isBehindProxy: boolean}): Promise<void> {
    this.#isDraining = true;
    this.#isKeepingIdle = isBehindProxy;
    for (const answer of this.#answers) answer.shouldKeepAlive = false;
    if (isBehindProxy) await quietTurn();
    const closed = new Promise<void>((resolve) => {
      // That of HTTP closes the idle ones at once.
      Listener.prototype.close.call(this.#server, () => {
        resolve();
      });
    });
    if (!isBehindProxy) this.#server.closeIdleConnections();
    const timers = [
      setTimeout(() => {
        // A request that has come and was not read yet would be cut off with its connection.
        void quietTurn().then(() => {
          this.#isKeepingIdle = false;
          this.#server.closeIdleConnections();
          this.#cutUnused();
        });
      }, grace),
      setTimeout(() => {
        for (const socket of this.#sockets) socket.destroy();
      }, timeout),
    ];
    await closed;
    timers.forEach(clearTimeout);
    // What is left of it is its watch over slow requests.
    this.#server.close();
    // What comes after the server in the order of the stop is still in use.
    const patience = sleep(grace, undefined, {ref: false});
    await Promise.race([Promise.allSettled(this.#handling), patience]);
  }

  #add(answer: ServerResponse): void {
    this.#answers.add(answer);
    if (this.#isDraining) answer.shouldKeepAlive = false;
    answer.once('close', () => {
      this.#answers.delete(answer);
      if (this.#isDraining && !this.#isKeepingIdle) this.#server.closeIdleConnections();
    });
  }

  /** Node counts those on which nothing was ever said among the busy ones, and does not know those in the middle of a TLS handshake. */
  #cutUnused(): void {
    const used = new Set([...this.#answers].map(({req}) => peerOf(req.socket)));
    for (const socket of this.#sockets) {
      if (!used.has(peerOf(socket)) && !socket.writableEnded) socket.destroy();
    }
  }
}

/**
 * Whoever has connected, or sent something, since the event loop last asked the system is cut off with the listener or his connection, although he may
 * have sent all of a push. Behind a short turn that is hardly anybody.
 */
async function quietTurn(): Promise<void> {
  const end = performance.now() + longestWait;
  let now = performance.now();
  let before: number;
  do {
    before = now;
    await nextTurn();
    now = performance.now();
  } while (now - before > quiet && now < end);
}

/** The same for a TLS connection and the one below it. */
const peerOf = ({remoteAddress, remotePort}: Socket): string =>
  `${remoteAddress ?? ''} ${remotePort ?? ''}`;
