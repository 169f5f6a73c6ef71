/** Clients that push, tag, mount and delete, each in a repository of its own, until they are through or the server is gone. */
import {Readable} from 'node:stream';
import {config, type Content, contentOf, imageOf} from '../support/content.ts';
import {rawRequest, type RawAnswer, type RawRequest} from '../support/raw-request.ts';
import {seededBytes} from '../support/seeded-bytes.ts';
import {gone, type Ledger, type Upload} from './ledger.ts';

const octets = {'Content-Type': 'application/octet-stream'};
const sizes = [1, 300, 5000, 70_000, 400_000, 1_200_000] as const;

export interface Pushing {
  readonly port: number;
  readonly ledger: Ledger;
  readonly name: string;
  /** Where blobs are mounted from. */
  readonly neighbour: string;
  readonly rounds: {readonly from: number; readonly to: number};
  /** Called after each request that was answered. */
  readonly onAnswer: () => void;
}

/** Rejects as soon as a request has no answer, or another than it should have. */
export async function pushRounds(pushing: Pushing): Promise<void> {
  const client = new Client(pushing);
  for (let round = pushing.rounds.from; round < pushing.rounds.to; round += 1)
    await client.round(round);
}

class Client {
  readonly #port: number;
  readonly #ledger: Ledger;
  readonly #name: string;
  readonly #neighbour: string;
  readonly #onAnswer: () => void;
  /** Of each round: the image, and the blob that no image has. */
  readonly #images = new Map<number, Content>();

  constructor({port, ledger, name, neighbour, onAnswer}: Pushing) {
    this.#port = port;
    this.#ledger = ledger;
    this.#name = name;
    this.#neighbour = neighbour;
    this.#onAnswer = onAnswer;
    ledger.knows(config);
  }

  async round(round: number): Promise<void> {
    const layers = [
      this.#blob(round, 'whole', sizes[round % sizes.length]),
      this.#blob(round, 'chunks', sizes[(round + 3) % sizes.length]),
      this.#blob(round, 'closing', sizes[(round + 1) % sizes.length]),
    ] as const;
    const loose = this.#blob(round, 'loose', 4000);
    if (round % 4 === 0) await this.#postWhole(config);
    await this.#postWhole(layers[0]);
    await this.#inChunks(layers[1], round);
    await this.#inOnePut(layers[2]);
    const image = imageOf(layers, {annotations: {name: this.#name, round: String(round)}});
    this.#images.set(round, image);
    await this.#putManifest(`v${round}`, image);
    await this.#putManifest('latest', image);
    const former = this.#images.get(round - 1);
    if (former) {
      const signature = imageOf([], {
        subject: former.descriptor,
        annotations: {round: String(round)},
      });
      this.#ledger.referrers.set(
        this.#path('manifests', signature.digest),
        `/v2/${this.#name}/referrers/${former.digest}`,
      );
      await this.#putManifest(signature.digest, signature);
    }
    await this.#postWhole(loose);
    if (round % 2 === 1)
      await this.#sets(
        {[this.#path('blobs', loose.digest)]: gone},
        {method: 'DELETE', path: this.#path('blobs', loose.digest)},
        202,
      );
    if (round % 3 === 1) await this.#deleteTag(`v${round - 1}`);
    if (round % 3 === 2) await this.#deleteImage(round - 2);
    if (round % 2 === 0) await this.#mount();
    if (round % 2 === 1) await this.#leaveUpload(round);
    if (round % 3 === 0) await this.#giveUpUpload(round);
  }

  #blob(round: number, what: string, size = 1): Content {
    // Nobody else has these bytes, and each run has the same.
    const label = `${this.#name} ${round} ${what}`;
    const content = contentOf(Buffer.concat([Buffer.from(label), seededBytes(label, size)]));
    this.#ledger.knows(content);
    return content;
  }

  #path(kind: 'blobs' | 'manifests', reference: string): string {
    return `/v2/${this.#name}/${kind}/${reference}`;
  }

  readonly #send = async (request: RawRequest): Promise<RawAnswer> => {
    const answer = await rawRequest({port: this.#port}, request);
    this.#onAnswer();
    return answer;
  };

  async #sets(values: Readonly<Record<string, string>>, request: RawRequest, status: number) {
    await this.#ledger.sets(values, async () => this.#send(request), status);
  }

  async #postWhole({bytes, digest}: Content): Promise<void> {
    const path = `/v2/${this.#name}/blobs/uploads/?digest=${digest}`;
    const request = {method: 'POST', path, headers: octets, body: bytes};
    await this.#sets({[this.#path('blobs', digest)]: digest}, request, 201);
  }

  async #mount(): Promise<void> {
    const path = `/v2/${this.#name}/blobs/uploads/?mount=${config.digest}&from=${this.#neighbour}`;
    const held = this.#ledger.settings.get(`/v2/${this.#neighbour}/blobs/${config.digest}`) ?? [];
    if (!held.some(({answered}) => answered < Infinity)) return;
    await this.#sets(
      {[this.#path('blobs', config.digest)]: config.digest},
      {method: 'POST', path},
      201,
    );
  }

  async #startUpload(content: Content): Promise<readonly [Upload, string]> {
    const upload: Upload = {name: this.#name, content, fillings: [], end: undefined};
    this.#ledger.uploads.push(upload);
    const path = `/v2/${this.#name}/blobs/uploads/`;
    const location = await this.#ledger.fills(upload, 0, async () =>
      this.#send({method: 'POST', path}),
    );
    return [upload, location];
  }

  async #finish(upload: Upload, location: string, body?: Buffer): Promise<void> {
    const {digest} = upload.content;
    const path = `${location}&digest=${digest}`;
    const request = {method: 'PUT', path, headers: octets, ...(body ? {body} : {})};
    await this.#ledger.ends(upload, async () =>
      this.#sets({[this.#path('blobs', digest)]: digest}, request, 201),
    );
  }

  /** In turn: chunks that say where they belong, chunks of a length that is not told, and ones that say nothing. */
  async #inChunks(content: Content, round: number): Promise<void> {
    const [upload, start] = await this.#startUpload(content);
    const {bytes} = content;
    const cuts = [0, 0.3, 0.6, 1].map((part) => Math.floor(part * bytes.length));
    let location = start;
    for (const [at, to] of cuts.slice(1).entries()) {
      const from = cuts[at] ?? 0;
      if (from === to) continue;
      const part = bytes.subarray(from, to);
      const range = round % 3 === 0 ? {'Content-Range': `${from}-${to - 1}`} : {};
      const path = location;
      const body = round % 3 === 1 ? Readable.from([part]) : part;
      location = await this.#ledger.fills(upload, to, async () =>
        this.#send({method: 'PATCH', path, headers: {...octets, ...range}, body}),
      );
    }
    await this.#finish(upload, location);
  }

  async #inOnePut(content: Content): Promise<void> {
    const [upload, location] = await this.#startUpload(content);
    await this.#finish(upload, location, content.bytes);
  }

  async #leaveUpload(round: number): Promise<void> {
    const content = this.#blob(round, 'left', 30_000);
    const [upload, location] = await this.#startUpload(content);
    const body = content.bytes.subarray(0, 20_000);
    await this.#ledger.fills(upload, body.length, async () =>
      this.#send({method: 'PATCH', path: location, headers: octets, body}),
    );
  }

  async #giveUpUpload(round: number): Promise<void> {
    const content = this.#blob(round, 'given up', 9000);
    const [upload, path] = await this.#startUpload(content);
    await this.#ledger.ends(upload, async () => this.#sets({}, {method: 'DELETE', path}, 204));
  }

  async #putManifest(reference: string, manifest: Content): Promise<void> {
    this.#ledger.knows(manifest);
    const {bytes, digest, descriptor} = manifest;
    const path = this.#path('manifests', reference);
    const headers = {'Content-Type': descriptor.mediaType};
    const values = {[path]: digest, [this.#path('manifests', digest)]: digest};
    await this.#sets(values, {method: 'PUT', path, headers, body: bytes}, 201);
  }

  async #deleteTag(tag: string): Promise<void> {
    const path = this.#path('manifests', tag);
    if (this.#ledger.settings.get(path)?.at(-1)?.value === gone) return;
    await this.#sets({[path]: gone}, {method: 'DELETE', path}, 202);
  }

  /** With all tags that lead to it. */
  async #deleteImage(round: number): Promise<void> {
    const image = this.#images.get(round);
    if (!image) return;
    const path = this.#path('manifests', image.digest);
    const tags = [...this.#ledger.settings].filter(
      ([other, settings]) =>
        other.startsWith(this.#path('manifests', '')) && settings.at(-1)?.value === image.digest,
    );
    const values = Object.fromEntries([
      [path, gone],
      ...tags.map(([tag]) => [tag, gone]),
    ]) as Record<string, string>;
    await this.#sets(values, {method: 'DELETE', path}, 202);
  }
}
