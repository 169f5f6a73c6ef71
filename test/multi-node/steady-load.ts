/** Clients that push, delete and pull through one address, of whom not one may be told that anything is away. */
import {config, contentOf, imageOf, randomContent} from '../support/content.ts';
import {type Asked, exchange} from './exchange.ts';
import {gone, Ledger, possible} from './ledger.ts';
import {pushRounds} from './pushing.ts';

/** In milliseconds: of a slow machine. */
const timeout = 60_000;

export class SteadyLoad {
  readonly ledger = new Ledger(() => 0);
  pulls = 0;
  readonly #url: string;
  readonly #clients: readonly Promise<void>[];
  #isEnding = false;
  #fault: Error | undefined;

  constructor(url: string, clients: number) {
    this.#url = url;
    this.#clients = Array.from({length: clients}, async (_, at) => this.#work(`r${at}`));
    for (const client of this.#clients) {
      client.catch((cause: unknown) => {
        const words = `a client was answered otherwise than it should be: ${String(cause)}`;
        this.#fault ??= new Error(words, {cause});
      });
    }
  }

  /** Throws where a client has ended with an answer that was another than it should be. */
  check(): void {
    if (this.#fault) throw this.#fault;
  }

  /** Rejects with the first answer that was another than it should be. */
  async end(): Promise<void> {
    this.#isEnding = true;
    await Promise.all(this.#clients);
  }

  /** What of all that was answered is not there, byte for byte. */
  async losses(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const [path, settings] of this.ledger.settings) {
      const {status, body} = await exchange(this.#url, path, {timeout});
      const value = status === 200 ? contentOf(body).digest : status === 404 ? gone : status;
      if (!possible(settings, Infinity).has(String(value))) found.push(`${path} is ${value}`);
    }
    return found;
  }

  async #work(name: string): Promise<void> {
    const {ledger} = this;
    const port = Number(new URL(this.#url).port);
    const layer = randomContent(100_000);
    const image = await this.#pushImage('kept', name, layer);
    const onAnswer = () => undefined;
    // In each three of which tags and images are deleted.
    for (let from = 0; !this.#isEnding; from += 3) {
      await pushRounds({
        port,
        ledger,
        name,
        neighbour: name,
        rounds: {from, to: from + 3},
        onAnswer,
      });
      await this.#pull(`/v2/kept/manifests/${name}`, image.digest);
      await this.#pull(`/v2/kept/blobs/${layer.digest}`, layer.digest);
    }
  }

  async #pushImage(name: string, tag: string, layer: typeof config): Promise<typeof config> {
    const image = imageOf([layer]);
    const octets = {'Content-Type': 'application/octet-stream'};
    for (const {bytes, digest} of [config, layer]) {
      const path = `/v2/${name}/blobs/uploads/?digest=${digest}`;
      await this.#ask(201, path, {method: 'POST', headers: octets, body: bytes});
    }
    const headers = {'Content-Type': image.descriptor.mediaType};
    const path = `/v2/${name}/manifests/${tag}`;
    await this.#ask(201, path, {method: 'PUT', headers, body: image.bytes});
    return image;
  }

  /** What nobody changes. */
  async #pull(path: string, digest: string): Promise<void> {
    const found = contentOf(await this.#ask(200, path)).digest;
    if (found !== digest) throw new Error(`${path} is ${found}`);
    this.pulls += 1;
  }

  async #ask(status: number, path: string, asked: Asked = {}): Promise<Buffer> {
    const answer = await exchange(this.#url, path, {timeout, ...asked});
    if (answer.status === status) return answer.body;
    throw new Error(`${path}: ${answer.status} ${answer.body.toString()}`);
  }
}
