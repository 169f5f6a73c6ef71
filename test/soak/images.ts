/** What one client of a soak does: it pushes an image in one of many ways, pulls it byte by byte, and takes it away again. */
import assert from 'node:assert/strict';
import type {Client} from '../load/client.ts';
import type {Random} from '../load/random.ts';
import {config, type Content, contentOf, imageOf} from '../support/content.ts';
import {boundarySizes, seededBytes} from '../support/seeded-bytes.ts';

interface Image {
  readonly manifest: Content;
  readonly layers: readonly Content[];
}

interface ImagesOptions {
  readonly client: Client;
  readonly random: Random;
  /** Of this client alone. */
  readonly name: string;
  /** Frees the disk of what no repository holds any more, as a collector would. */
  readonly collect: (digests: readonly string[]) => Promise<void>;
}

/** As many are there at once. */
const mostKept = 4;
const manifestType = {'Content-Type': 'application/vnd.oci.image.manifest.v1+json'};

export class Images {
  readonly #options: ImagesOptions;
  readonly #kept: Image[] = [];
  #count = 0;
  /** Bytes pushed and pulled. */
  moved = 0;

  constructor(options: ImagesOptions) {
    this.#options = options;
  }

  /** One image comes, and the oldest goes. */
  async turn(): Promise<void> {
    const {random} = this.#options;
    const layers: Content[] = [];
    for (let layer = 0; layer < 1 + random.below(3); layer += 1) {
      const content = this.#newContent();
      await this.#push(content);
      layers.push(content);
    }
    await this.#ask(201, 'POST', `blobs/uploads/?digest=${config.digest}`, config.bytes);
    await this.#tag({manifest: imageOf(layers, {annotations: {at: String(this.#count)}}), layers});
    for (const layer of layers) await this.#pull(layer);
    await this.#list();
    if (this.#kept.length > mostKept) await this.#remove();
  }

  async removeAll(): Promise<void> {
    while (this.#kept.length > 0) await this.#remove();
  }

  #newContent(): Content {
    const {random, name} = this.#options;
    this.#count += 1;
    const size = random.choose([
      // Not so small that another client might have the same: its bytes would go with these.
      [4, () => 16 + random.below(500)],
      [3, () => 16 + random.below(300_000)],
      [2, () => random.pick(boundarySizes)],
      [0.5, () => 8 * 1024 * 1024 + random.below(100)],
    ]);
    return contentOf(seededBytes(`${name} ${this.#count}`, size));
  }

  async #push(content: Content): Promise<void> {
    const {random} = this.#options;
    const {bytes, digest} = content;
    this.moved += bytes.length;
    await random.choose<Promise<unknown>>([
      [3, async () => this.#ask(201, 'POST', `blobs/uploads/?digest=${digest}`, bytes)],
      [3, async () => this.#pushInChunks(content, 1)],
      [3, async () => this.#pushInChunks(content, 2 + random.below(5))],
    ]);
    if (random.chance(0.3)) {
      await this.#ask(201, 'POST', `blobs/uploads/?mount=${digest}`);
      await this.#ask(201, 'POST', `blobs/uploads/?digest=${digest}`, bytes);
    }
  }

  /** Some are cut in the middle, and go on where the server says. */
  async #pushInChunks({bytes, digest}: Content, chunks: number): Promise<void> {
    const {client, random} = this.#options;
    let location = await this.#locate(202, 'POST', this.#path('blobs/uploads/'));
    const step = Math.max(1, Math.ceil(bytes.length / chunks));
    for (let at = 0; at < bytes.length; at = offsetOf(location)) {
      const body = bytes.subarray(at, at + step);
      if (random.chance(0.1)) {
        await client.cut('PATCH', location, {body, cutAt: random.below(body.length)});
        location = await this.#locate(204, 'GET', location);
      } else location = await this.#append(location, body);
    }
    if (random.chance(0.05)) {
      await client.ask(204, 'DELETE', location);
      await this.#ask(201, 'POST', `blobs/uploads/?digest=${digest}`, bytes);
    } else await client.ask(201, 'PUT', `${location}&digest=${digest}`);
  }

  /** What was cut before may have arrived after the question how far the upload is: then the question is put again. */
  async #append(location: string, body: Buffer): Promise<string> {
    const {status, headers} = await this.#options.client.ask([202, 416], 'PATCH', location, {body});
    return status === 202 ? (headers.location ?? '') : this.#locate(204, 'GET', location);
  }

  async #pull({bytes, digest}: Content): Promise<void> {
    const {client, random} = this.#options;
    const path = this.#path(`blobs/${digest}`);
    const whole = await client.ask(200, 'GET', path);
    assert.ok(whole.body.equals(bytes), `${path} has other bytes`);
    const start = random.below(bytes.length);
    const end = start + random.below(bytes.length - start);
    const part = {headers: {Range: `bytes=${start}-${end}`}};
    const ranged = await client.ask(bytes.length === 0 ? 416 : 206, 'GET', path, part);
    if (bytes.length > 0) assert.ok(ranged.body.equals(bytes.subarray(start, end + 1)));
    this.moved += whole.body.length + ranged.body.length;
  }

  async #tag(image: Image): Promise<void> {
    const {client, random} = this.#options;
    const {bytes, digest} = image.manifest;
    for (const reference of [digest, `t${random.below(10)}`, 'latest']) {
      const path = this.#path(`manifests/${reference}`);
      await client.ask(201, 'PUT', path, {headers: manifestType, body: bytes});
      assert.ok((await client.ask(200, 'GET', path)).body.equals(bytes));
    }
    this.#kept.push(image);
  }

  async #list(): Promise<void> {
    const {body} = await this.#ask(200, 'GET', 'tags/list?n=5');
    const {tags} = JSON.parse(body.toString()) as {tags: readonly string[]};
    assert.ok(tags.includes('latest'));
    await this.#ask(200, 'GET', `referrers/${config.digest}`);
    await this.#options.client.ask(200, 'GET', '/v2/_catalog');
  }

  async #remove(): Promise<void> {
    const image = this.#kept.shift();
    if (!image) return;
    const {manifest, layers} = image;
    await this.#ask(202, 'DELETE', `manifests/${manifest.digest}`);
    const digests = new Set(layers.map(({digest}) => digest));
    for (const digest of digests) await this.#ask(202, 'DELETE', `blobs/${digest}`);
    await this.#options.collect([manifest.digest, ...digests]);
    await this.#ask(404, 'GET', `manifests/${manifest.digest}`);
  }

  #path(rest: string): string {
    return `/v2/${this.#options.name}/${rest}`;
  }

  async #ask(status: number, method: string, rest: string, body?: Buffer) {
    return this.#options.client.ask(status, method, this.#path(rest), body ? {body} : {});
  }

  async #locate(status: number, method: string, path: string, body?: Buffer): Promise<string> {
    const {headers} = await this.#options.client.ask(status, method, path, body ? {body} : {});
    return headers.location ?? '';
  }
}

/** `Range` does not tell 0 bytes from 1; what is signed does. */
function offsetOf(location: string): number {
  const payload = /_state=([^.]+)/.exec(location)?.[1] ?? '';
  return (JSON.parse(Buffer.from(payload, 'base64url').toString()) as {offset: number}).offset;
}
