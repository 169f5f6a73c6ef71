/** A client that does what comes to its mind, and writes down what it did and what became of it. */
import {setTimeout} from 'node:timers/promises';
import {
  config,
  type Content,
  hashOf,
  imageOf,
  mediaTypes,
  randomContent,
} from '../support/content.ts';
import type {Random} from '../load/random.ts';
import {type Asked, type Exchanged, exchange} from './exchange.ts';
import type {Operation, Span, Value} from './history.ts';
import {isBroken} from './patience.ts';

export interface Target {
  readonly node: string;
  readonly url: string;
}

/** What all clients know. */
export class Commons {
  readonly history: Operation[] = [];
  readonly repositories: readonly string[];
  readonly tags: readonly string[];
  readonly #images = new Map<string, Content[]>();
  /** A digest is put to a tag once, so that a reader knows which request it was. */
  readonly #used = new Set<string>();

  constructor(repositories: number, tags: number) {
    this.repositories = Array.from({length: repositories}, (_, index) => `h${index}`);
    this.tags = Array.from({length: tags}, (_, index) => `t${index}`);
  }

  /** The last that were acknowledged. */
  imagesOf(repository: string): readonly Content[] {
    return this.#images.get(repository) ?? [];
  }

  add(repository: string, image: Content): void {
    this.#images.set(repository, [...this.imagesOf(repository).slice(-50), image]);
  }

  /** False: somebody has done it already. */
  use(repository: string, tag: string, digest: string): boolean {
    const key = `${repository} ${tag} ${digest}`;
    if (this.#used.has(key)) return false;
    this.#used.add(key);
    return true;
  }
}

interface ClientOptions {
  readonly number: number;
  readonly random: Random;
  readonly commons: Commons;
  readonly target: () => Target;
  /** In milliseconds, from one operation to the next at most. */
  readonly thinks: number;
}

const bytesOf = {'Content-Type': 'application/octet-stream'};
const timeout = 8000;

export class HistoryClient {
  readonly #options: ClientOptions;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Until then. */
  async work(signal: AbortSignal): Promise<void> {
    const {random, commons, thinks} = this.#options;
    while (!signal.aborted) {
      const [repository = '', tag = ''] = [
        random.pick(commons.repositories),
        random.pick(commons.tags),
      ];
      await random.choose<Promise<void>>([
        [5, async () => this.push(repository, tag)],
        [2, async () => this.retag(repository, tag)],
        [2, async () => this.remove(repository, tag)],
        [3, async () => this.list(repository)],
        [6, async () => this.pull(repository, tag)],
        [2, async () => this.pullKnown(repository)],
      ]);
      await setTimeout(random.below(thinks));
    }
  }

  async push(repository: string, tag: string): Promise<void> {
    const layer = randomContent(100 + this.#options.random.below(3000));
    for (const blob of [config, layer]) if (!(await this.#pushBlob(repository, blob))) return;
    await this.#tag(repository, tag, imageOf([layer]));
  }

  async retag(repository: string, tag: string): Promise<void> {
    const image = this.#options.random.pick(this.#options.commons.imagesOf(repository));
    if (image) await this.#tag(repository, tag, image);
  }

  async remove(repository: string, tag: string): Promise<void> {
    const path = `/v2/${repository}/manifests/${tag}`;
    const {span, answer} = await this.#ask(path, {method: 'DELETE'}, [202, 404]);
    const place = {repository, tag, value: undefined};
    if (answer?.status === 404) this.#note({...span, ...place, kind: 'read'});
    else this.#note({...span, ...place, kind: 'write', isAcknowledged: answer !== undefined});
  }

  async list(repository: string): Promise<void> {
    const {span, answer} = await this.#ask(`/v2/${repository}/tags/list`, {}, [200, 404]);
    if (!answer) return;
    const {tags} = (answer.status === 200 ? JSON.parse(answer.body.toString()) : {}) as {
      readonly tags?: readonly string[] | null;
    };
    this.#note({...span, kind: 'list', repository, tags: tags ?? []});
  }

  /** A tag, and what it leads to. */
  async pull(repository: string, tag: string): Promise<void> {
    const path = `/v2/${repository}/manifests/${tag}`;
    const headers = {Accept: mediaTypes.image};
    const {span, answer} = await this.#ask(path, {headers}, [200, 404]);
    if (!answer) return;
    const value: Value = answer.status === 200 ? hashOf('sha256', answer.body) : undefined;
    this.#note({...span, kind: 'read', repository, tag, value});
    if (value === undefined) return;
    if (answer.headers['docker-content-digest'] !== value) {
      this.#note({...span, kind: 'get', path, found: 'wrong'});
      return;
    }
    const {layers} = JSON.parse(answer.body.toString()) as {
      readonly layers: readonly {readonly digest: string}[];
    };
    for (const {digest} of layers) await this.get(`/v2/${repository}/blobs/${digest}`);
  }

  async pullKnown(repository: string): Promise<void> {
    const image = this.#options.random.pick(this.#options.commons.imagesOf(repository));
    if (image) await this.get(`/v2/${repository}/manifests/${image.digest}`);
  }

  /** Of what its path ends with the digest of. */
  async get(path: string): Promise<void> {
    const headers = path.includes('/manifests/') ? {Accept: mediaTypes.image} : {};
    const {span, answer} = await this.#ask(path, {headers}, [200, 404]);
    if (!answer) return;
    const isRight = path.endsWith(`/${hashOf('sha256', answer.body)}`);
    const found = answer.status === 404 ? 'nothing' : isRight ? 'right' : 'wrong';
    this.#note({...span, kind: 'get', path, found});
  }

  /** Whether it is acknowledged. */
  async #pushBlob(repository: string, {bytes, digest}: Content): Promise<boolean> {
    const upload = `/v2/${repository}/blobs/uploads/?digest=${digest}`;
    const asked = {method: 'POST', headers: bytesOf, body: bytes};
    const {span, answer} = await this.#ask(upload, asked, [201]);
    const isAcknowledged = answer !== undefined;
    const path = `/v2/${repository}/blobs/${digest}`;
    this.#note({...span, kind: 'put', path, isAcknowledged});
    return isAcknowledged;
  }

  async #tag(repository: string, tag: string, image: Content): Promise<void> {
    const {commons} = this.#options;
    const {digest, bytes, descriptor} = image;
    if (!commons.use(repository, tag, digest)) return;
    const headers = {'Content-Type': descriptor.mediaType};
    const asked = {method: 'PUT', headers, body: bytes};
    const {span, answer} = await this.#ask(`/v2/${repository}/manifests/${tag}`, asked, [201]);
    const isAcknowledged = answer !== undefined;
    this.#note({...span, kind: 'write', repository, tag, value: digest, isAcknowledged});
    const path = `/v2/${repository}/manifests/${digest}`;
    this.#note({...span, kind: 'put', path, isAcknowledged});
    if (isAcknowledged) commons.add(repository, image);
  }

  /** No answer: nobody knows whether it was done. */
  async #ask(
    path: string,
    asked: Asked,
    wanted: readonly number[],
  ): Promise<{span: Span; answer: Exchanged | undefined}> {
    const {number: client, target} = this.#options;
    const {node, url} = target();
    const begin = performance.now();
    const result = await exchange(url, path, {...asked, timeout}).catch((error: unknown) => {
      if (isBroken(error)) return String(error);
      throw error;
    });
    const span = {begin, end: performance.now(), client, node};
    if (typeof result !== 'string' && wanted.includes(result.status)) return {span, answer: result};
    const of = `${asked.method ?? 'GET'} ${path}`;
    if (typeof result === 'string') this.#note({...span, kind: 'nothing', of, why: result});
    else if (result.status === 503) this.#note({...span, kind: 'nothing', of, why: '503'});
    else {
      const answer = `${result.status} ${result.body.toString().slice(0, 300)}`;
      this.#note({...span, kind: 'surprise', of, answer});
    }
    return {span, answer: undefined};
  }

  #note(operation: Operation): void {
    this.#options.commons.history.push(operation);
  }
}
