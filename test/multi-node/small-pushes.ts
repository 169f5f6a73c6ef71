/** Small images that clients push one after the other, whatever becomes of the nodes; and whether all that was acknowledged is there. */
import {config, type Content, imageOf, randomContent} from '../support/content.ts';
import {exchange, type Exchanged} from './exchange.ts';
import {persist} from './patience.ts';

export class SmallPushes {
  /** What was acknowledged, by its path. */
  readonly #kept = new Map<string, Content>();
  readonly #url: string;
  readonly #timeout: number;
  readonly #patience: number | undefined;
  #count = 0;
  #isEnding = false;

  /** In milliseconds: until a request is given up, and until it is not repeated any more. */
  constructor(url: string, timeout = 15_000, patience?: number) {
    this.#url = url;
    this.#timeout = timeout;
    this.#patience = patience;
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

  /** How much was acknowledged. */
  get kept(): number {
    return this.#kept.size;
  }

  /** Of what was acknowledged: what is lost or another. */
  async findings(url = this.#url): Promise<readonly string[]> {
    const findings: string[] = [];
    for (const [path, content] of this.#kept) {
      const {status, body} = await this.#persist(async () =>
        exchange(url, path, {timeout: this.#timeout}),
      );
      if (status !== 200) findings.push(`${path} is lost: ${status}`);
      else if (!content.bytes.equals(body)) findings.push(`${path} is another`);
    }
    return findings;
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
    const {status, body} = await this.#persist(async () =>
      exchange(this.#url, path, {method, headers, body: bytes, timeout: this.#timeout}),
    );
    if (status !== 201) throw new Error(`${method} ${path}: ${status} ${body.toString()}`);
  }

  async #persist(ask: () => Promise<Exchanged>): Promise<Exchanged> {
    return persist(ask, this.#patience);
  }
}
