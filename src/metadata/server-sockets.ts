/** The sockets of a pool, none of which outlives it: what a driver has failed to connect, or ended politely, a server may keep open for ever. */
import net from 'node:net';

export class ServerSockets {
  readonly #silence: number | undefined;
  readonly #open = new Set<net.Socket>();

  /** In milliseconds: so long nothing passes before one is closed. Under TLS it can't be told what passes. */
  constructor(silence?: number) {
    this.#silence = silence;
  }

  /** Not connected yet. */
  open(): net.Socket {
    const socket = new net.Socket();
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    if (this.#silence !== undefined) socket.setTimeout(this.#silence, () => socket.destroy());
    return socket;
  }

  destroy(): void {
    for (const socket of this.#open) socket.destroy();
  }
}
