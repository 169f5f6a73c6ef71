/** Sockets that the service manager has opened, and keeps open while the process is restarted: nobody is refused meanwhile. */
import {Socket} from 'node:net';
import {errorCode} from './error-code.ts';

interface Passed {
  readonly host: string;
  readonly port: number;
  readonly socket: Socket;
}

export class PassedSockets {
  readonly #untaken: Passed[] = [];
  /** What is no socket that clients of a registry could connect to. */
  readonly #strange: string[] = [];

  constructor(descriptors: readonly number[]) {
    for (const descriptor of descriptors) {
      const passed = open(descriptor);
      if (passed === undefined) this.#strange.push(`descriptor ${descriptor} is no socket of TCP`);
      else this.#untaken.push(passed);
    }
  }

  /** What a server listens on, by `server.listen(socket)`; given out once. */
  take({host, port}: {readonly host: string; readonly port: number}): Socket | undefined {
    const at = this.#untaken.findIndex((each) => each.host === host && each.port === port);
    return at === -1 ? undefined : this.#untaken.splice(at, 1)[0]?.socket;
  }

  /** A sentence for each that nobody has taken: whoever connects there would wait for ever. */
  get left(): readonly string[] {
    const untaken = this.#untaken.map(({host, port}) => {
      const shown = host.includes(':') ? `[${host}]` : host;
      return `nothing is to listen on ${shown}:${port}`;
    });
    return [...this.#strange, ...untaken];
  }
}

/** It is neither read nor listened on: that is for the server that takes it, which must not miss a connection. */
function open(descriptor: number): Passed | undefined {
  try {
    const socket = new Socket({fd: descriptor, readable: false, writable: false});
    const address = socket.address();
    if (!('port' in address)) return undefined;
    return {host: address.address, port: address.port, socket};
  } catch (error) {
    if (errorCode(error) === 'ERR_INVALID_FD_TYPE') return undefined;
    throw error;
  }
}
