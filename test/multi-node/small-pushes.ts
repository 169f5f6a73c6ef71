/** Small images that clients push one after the other, whatever becomes of the nodes; and whether all that was acknowledged is there. */
import type {ExecutionContext} from 'ava';
import {config, type Content, imageOf, randomContent} from '../support/content.ts';
import {exchange} from './exchange.ts';
import {persist} from './patience.ts';

export class SmallPushes {
  /** What was acknowledged, by its path. */
  readonly #kept = new Map<string, Content>();
  readonly #url: string;
  readonly #timeout: number;
  #count = 0;
  #isEnding = false;

  /** `timeout`: in milliseconds, until a request is given up. */
  constructor(url: string, timeout = 15_000) {
    this.#url = url;
    this.#timeout = timeout;
  }

  get count(): number {
    return this.#count;
  }

  /** Of one client, until the end. */
  async push(repository: string): Promise<void> {
    await this.#blob(repository, config);
    for (let number = 1; !this.#isEnding; number += 1) {
      const layer = randomContent(2000);
      await this.#blob(repository, layer);
      const image = imageOf([layer]);
      // The last one is written over each time, the others never.
      for (const reference of [image.digest, `v${number}`, 'latest'])
        await this.#put(repository, reference, image);
      this.#count += 1;
    }
  }

  end(): void {
    this.#isEnding = true;
  }

  /** How much that was. */
  async verify(t: ExecutionContext): Promise<number> {
    for (const [path, content] of this.#kept) {
      const answer = await exchange(this.#url, path);
      t.is(answer.status, 200, `${path} is lost`);
      t.true(content.bytes.equals(answer.body), `${path} is another`);
    }
    return this.#kept.size;
  }

  async #blob(repository: string, content: Content): Promise<void> {
    const path = `/v2/${repository}/blobs/uploads/?digest=${content.digest}`;
    const headers = {'Content-Type': 'application/octet-stream'};
    await this.#send('POST', path, headers, content);
    this.#kept.set(`/v2/${repository}/blobs/${content.digest}`, content);
  }

  async #put(repository: string, reference: string, image: Content): Promise<void> {
    const path = `/v2/${repository}/manifests/${reference}`;
    await this.#send('PUT', path, {'Content-Type': image.descriptor.mediaType}, image);
    this.#kept.set(path, image);
  }

  async #send(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    {bytes}: Content,
  ): Promise<void> {
    const {status, body} = await persist(async () =>
      exchange(this.#url, path, {method, headers, body: bytes, timeout: this.#timeout}),
    );
    if (status !== 201) throw new Error(`${method} ${path}: ${status} ${body.toString()}`);
  }
}
