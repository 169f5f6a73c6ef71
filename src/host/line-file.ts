/** A file that lines are added to, in the background: who writes never waits, and a disk that is slow or full costs lines and nothing else. */
import {type FileHandle, mkdir, open, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';

interface LineFileOptions {
  /** Absolute. */
  readonly path: string;
  /** Is told of each line that is lost. */
  readonly onLost: () => void;
  /** Why lines were lost. */
  readonly onFailure: (error: unknown) => void;
  /** The file takes lines again; so many were lost meanwhile. */
  readonly onGap: (lines: number) => void;
  /** What a test may steer. In bytes: what comes while so much waits is lost. */
  readonly maxWaiting?: number;
}

/** In milliseconds: how often it is looked whether the file was renamed, or removed. */
const lookEvery = 1000;
/** In milliseconds: a disk that hangs holds up no stop. */
const patience = 2000;
/** Its group may read it: log shippers do. */
const mode = 0o640;

export class LineFile {
  readonly #options: LineFileOptions;
  readonly #maxWaiting: number;
  #handle: FileHandle | undefined;
  #lookedAt = -Infinity;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #isStale = false;
  /** A part of a line was written, and the rest was not. */
  #isBroken = false;
  #lost = 0;

  constructor(options: LineFileOptions) {
    this.#options = options;
    this.#maxWaiting = options.maxWaiting ?? 1024 * 1024;
  }

  /** Rejects with the error of a system call where it can't be opened. */
  async open(): Promise<void> {
    const {path} = this.#options;
    await mkdir(dirname(path), {recursive: true});
    this.#handle = await open(path, 'a', mode);
  }

  /** A whole line, with its line break. */
  write(line: string): void {
    const bytes = Buffer.byteLength(line);
    if (this.#waitingBytes + bytes > this.#maxWaiting) {
      this.#lose(1);
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += bytes;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Before the next line. */
  reopen(): void {
    this.#isStale = true;
  }

  /** What waits is written, if the disk takes it in time. */
  async close(): Promise<void> {
    const end = async (): Promise<void> => {
      await this.#writing;
      await this.#handle?.close();
    };
    await Promise.race([end(), sleep(patience, undefined, {ref: false})]);
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      const bytes = this.#waitingBytes;
      this.#waiting = [];
      try {
        await this.#append(lines);
      } catch (error) {
        this.#lose(lines.length);
        this.#options.onFailure(error);
        // The next line tries a file that was opened anew.
        this.#isStale = true;
      } finally {
        // They were in memory until now.
        this.#waitingBytes -= bytes;
      }
    }
  }

  async #append(lines: readonly string[]): Promise<void> {
    const handle = await this.#current();
    const text = lines.join('');
    const batch = Buffer.from(this.#isBroken ? `\n${text}` : text);
    for (let written = 0; written < batch.length;) {
      const {bytesWritten} = await handle.write(batch, written);
      written += bytesWritten;
      this.#isBroken = written < batch.length;
    }
    if (this.#lost === 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#options.onGap(lost);
  }

  async #current(): Promise<FileHandle> {
    const now = performance.now();
    if (now - this.#lookedAt > lookEvery) {
      this.#lookedAt = now;
      this.#isStale ||= !(await this.#isInPlace());
    }
    if (this.#isStale || !this.#handle) {
      const former = this.#handle;
      this.#handle = undefined;
      await former?.close();
      await this.open();
      this.#isStale = false;
      this.#isBroken = false;
    }
    if (!this.#handle) throw new TypeError('the file was opened, and is not there');
    return this.#handle;
  }

  async #isInPlace(): Promise<boolean> {
    try {
      const [here, there] = [await this.#handle?.stat(), await stat(this.#options.path)];
      return here?.ino === there.ino && here.dev === there.dev;
    } catch {
      // Renamed or removed; if it is worse than that, opening it will tell.
      return false;
    }
  }

  #lose(lines: number): void {
    this.#lost += lines;
    for (let each = 0; each < lines; each++) this.#options.onLost();
  }
}
