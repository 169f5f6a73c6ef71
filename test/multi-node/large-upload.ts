/** A client that follows the protocol: cut off, it asks how much has arrived, and goes on behind that. */
import {createHash} from 'node:crypto';
import {Readable} from 'node:stream';
import {withDigest} from '../support/content.ts';
import {seededBytes} from '../support/seeded-bytes.ts';
import {type Exchanged, exchange} from './exchange.ts';
import {attempt, persist} from './patience.ts';

const MiB = 1024 * 1024;
/** In milliseconds: a disk that takes images of gigabytes at the same time may need so long for one sync, and for all that comes before it. */
const timeout = 120_000;
const longest = 600_000;

interface Plan {
  readonly url: string;
  readonly repository: string;
  /** In MiB. */
  readonly size: number;
  /** Of one PATCH, in MiB. */
  readonly chunk: number;
  /** Of its MiB this one, and with it all behind it, waits for `mayGoOn`. */
  readonly waitsAt: number;
  readonly mayGoOn: Promise<unknown>;
}

export class LargeUpload {
  readonly digest: string;
  readonly #plan: Plan;
  #location = '';
  #isWaiting = false;
  #acknowledged = 0;
  #resumedAt: number | undefined;

  constructor(plan: Plan) {
    this.#plan = plan;
    const hash = createHash('sha256');
    for (let index = 0; index < plan.size; index += 1) hash.update(this.#block(index));
    this.digest = `sha256:${hash.digest('hex')}`;
  }

  get path(): string {
    return `/v2/${this.#plan.repository}/blobs/${this.digest}`;
  }

  get repository(): string {
    return this.#plan.repository;
  }

  /** All that comes before has left. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** In bytes: behind finished requests. */
  get acknowledged(): number {
    return this.#acknowledged;
  }

  /** In bytes: where it went on when it was first cut off. `undefined`: it never was. */
  get resumedAt(): number | undefined {
    return this.#resumedAt;
  }

  /** Resolves when it is acknowledged as a whole. */
  async push(): Promise<void> {
    const {url, repository, size} = this.#plan;
    const begin = await persist(async () =>
      exchange(url, `/v2/${repository}/blobs/uploads/`, {method: 'POST'}),
    );
    this.#follow(begin, 202);
    let at = 0;
    while (at < size * MiB) {
      const answer = await attempt(async () => this.#patch(at));
      if (answer) {
        this.#follow(answer, 202);
        at = this.#acknowledged = endOf(answer);
      } else {
        at = await this.#ask();
        this.#resumedAt ??= at;
      }
    }
    const closed = await persist(
      async () => exchange(url, withDigest(this.#location, this.digest), {method: 'PUT', timeout}),
      longest,
    );
    // It may have been closed by a request whose answer was lost.
    if (
      closed.status === 404 &&
      (await persist(async () => exchange(url, this.path, {method: 'HEAD'}))).status === 200
    )
      return;
    this.#follow(closed, 201);
  }

  async #ask(): Promise<number> {
    const answer = await persist(async () => exchange(this.#plan.url, this.#location));
    this.#follow(answer, 204);
    return endOf(answer);
  }

  async #patch(from: number): Promise<Exchanged> {
    const to = Math.min(this.#plan.size, Math.floor(from / MiB) + this.#plan.chunk) * MiB;
    return exchange(this.#plan.url, this.#location, {
      method: 'PATCH',
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': to - from,
        'Content-Range': `${from}-${to - 1}`,
      },
      body: Readable.from(this.#bytes(from, to)),
      timeout,
    });
  }

  async *#bytes(from: number, to: number): AsyncGenerator<Buffer> {
    for (let at = from; at < to;) {
      const index = Math.floor(at / MiB);
      if (index === this.#plan.waitsAt) {
        this.#isWaiting = true;
        await this.#plan.mayGoOn;
      }
      const bytes = this.#block(index).subarray(at - index * MiB);
      at += bytes.length;
      yield bytes;
    }
  }

  #block(index: number): Buffer {
    return seededBytes(`${this.#plan.repository} ${index}`, MiB);
  }

  #follow({status, headers, body}: Exchanged, wanted: number): void {
    if (status !== wanted) throw new Error(`${status} and not ${wanted}: ${body.toString()}`);
    this.#location = headers.location ?? this.#location;
  }
}

/** `0-0` is what an empty one says. */
function endOf({headers}: Exchanged): number {
  const {range = ''} = headers;
  const end = Number(/^0-(\d+)$/.exec(range)?.[1]);
  if (Number.isNaN(end)) throw new Error(`no Range: ${range}`);
  return end === 0 ? 0 : end + 1;
}
