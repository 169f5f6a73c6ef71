/** Starts a server on what a disk has kept, and tells all that is other than clients were told. */
import {createHash} from 'node:crypto';
import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {sql} from 'kysely';
import {CommandError} from '../support/command.ts';
import {config, contentOf, imageOf} from '../support/content.ts';
import {compareNow, inIndex, onDisk, openChanges, operate} from '../support/content-index.ts';
import {filesBelow, keys} from '../support/disk.ts';
import type {Lifetime} from '../support/lifetime.ts';
import {rawRequest, type RawAnswer, type RawRequest, until} from '../support/raw-request.ts';
import {openSecondConnection} from '../support/second-connection.ts';
import {startServe} from '../support/serve-process.ts';
import {gone, type Ledger, possible, stateOf, type Upload} from './ledger.ts';
import {serverConfig} from './server-config.ts';

export interface Inspection {
  readonly dataDir: string;
  readonly ledger: Ledger;
  /** How long the record was when the power was cut. */
  readonly length: number;
  /** Words before the command: another host, say. */
  readonly prefix?: readonly string[];
}

/** Empty where nothing is lost and nothing is odd. */
export async function findingsAfter(
  life: Lifetime,
  {dataDir, ledger, length, prefix = []}: Inspection,
): Promise<readonly string[]> {
  await mkdir(dataDir, {recursive: true});
  const configFile = `${dataDir}.yaml`;
  let started;
  try {
    started = await startServe(life, {configFile, config: serverConfig(dataDir), prefix});
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return [`it does not start: ${error.message}`];
  }
  const inspector = new Inspector(dataDir, Number(new URL(started.url).port), ledger, length);
  const findings = await inspector.all();
  const errors = started.service
    .output()
    .split('\n')
    .filter((line) => /\b(error|fatal)\b/i.test(line));
  await started.service.stop();
  return [...findings, ...errors.map((line) => `the log says: ${line}`)];
}

class Inspector {
  readonly #dataDir: string;
  readonly #port: number;
  readonly #ledger: Ledger;
  readonly #length: number;
  readonly #findings: string[] = [];

  constructor(dataDir: string, port: number, ledger: Ledger, length: number) {
    this.#dataDir = dataDir;
    this.#port = port;
    this.#ledger = ledger;
    this.#length = length;
  }

  async all(): Promise<readonly string[]> {
    await this.#files();
    await this.#index();
    const held = await this.#contents();
    await this.#lists(held);
    for (const upload of this.#ledger.uploads) await this.#upload(upload);
    await this.#goesOn();
    return this.#findings;
  }

  #find(finding: string): void {
    this.#findings.push(finding);
  }

  async #ask(request: RawRequest): Promise<RawAnswer> {
    const answer = await rawRequest({port: this.#port}, request);
    if (answer.status >= 500)
      this.#find(
        `${request.method ?? 'GET'} ${request.path}: ${answer.status} ${answer.body.toString()}`,
      );
    return answer;
  }

  /** No name leads to something that is empty or cut. */
  async #files(): Promise<void> {
    const place = {dataDir: this.#dataDir};
    for (const file of await filesBelow(place, 'docker')) {
      const isLink = file.endsWith('/link');
      const hex = /\/blobs\/sha256\/..\/([0-9a-f]{64})\/data$/.exec(file)?.[1];
      if (!isLink && hex === undefined) continue;
      const bytes = await readFile(path.join(this.#dataDir, 'registry/docker', file));
      if (isLink && !/^sha256:[0-9a-f]{64}$/.test(bytes.toString()))
        this.#find(`${file} holds ${bytes.length} bytes, and no digest`);
      if (hex !== undefined && createHash('sha256').update(bytes).digest('hex') !== hex)
        this.#find(`${file} has ${bytes.length} other bytes than its digest says`);
    }
  }

  async #index(): Promise<void> {
    const place = {dataDir: this.#dataDir};
    const {db, close} = openSecondConnection(path.join(this.#dataDir, 'database/holdfast.db'));
    try {
      const {rows} = await sql<{integrity_check: string}>`pragma integrity_check`.execute(db);
      if (rows[0]?.integrity_check !== 'ok') this.#find(`the database: ${JSON.stringify(rows)}`);
      await until(async () => (await operate(place, 'index status')).running === undefined);
      await until(async () => (await openChanges(db)).length === 0);
      const [disk, index] = [await onDisk(place), withContent(await inIndex(db))];
      if (!isDeepStrictEqual(disk, index))
        this.#find(`the index and the disk differ: ${JSON.stringify({disk, index})}`);
      const {last, problem} = await compareNow(place);
      if (last && last.tags + last.manifests > 0)
        this.#find(`the comparison finds ${JSON.stringify(last)}`);
      if (problem !== undefined) this.#find(`the comparison: ${problem}`);
    } finally {
      await close();
    }
  }

  /** What is held, by its path. */
  async #contents(): Promise<ReadonlyMap<string, string>> {
    const held = new Map<string, string>();
    for (const [at, settings] of this.#ledger.settings) {
      const wanted = possible(settings, this.#length);
      const {status, body, headers} = await this.#ask({path: at});
      const content = contentOf(body);
      const found = status === 200 ? content.digest : gone;
      if (status !== 200 && status !== 404) this.#find(`GET ${at}: ${status}`);
      if (!wanted.has(found)) this.#find(`${at} is ${found}, and not ${[...wanted].join(' or ')}`);
      if (status !== 200) continue;
      held.set(at, found);
      const digest = headers['docker-content-digest'];
      if (digest !== found) this.#find(`${at} says that it is ${String(digest)}, and is ${found}`);
    }
    return held;
  }

  async #lists(held: ReadonlyMap<string, string>): Promise<void> {
    const names = new Set([...this.#ledger.settings.keys()].map((at) => nameIn(at)));
    for (const name of names) {
      const prefix = `/v2/${name}/manifests/`;
      const tags = [...held.keys()]
        .filter((at) => at.startsWith(prefix) && !at.includes(':'))
        .map((at) => at.slice(prefix.length))
        .sort();
      const {status, body} = await this.#ask({path: `/v2/${name}/tags/list`});
      const listed = status === 200 ? (JSON.parse(body.toString()) as {tags: string[]}).tags : [];
      if (!isDeepStrictEqual(listed, tags))
        this.#find(
          `the tags of ${name} are listed as ${listed.join(', ')}, and are ${tags.join(', ')}`,
        );
    }
    await this.#histories(held);
    for (const [manifest, list] of this.#ledger.referrers) {
      const settings = this.#ledger.settings.get(manifest) ?? [];
      const wanted = possible(settings, this.#length);
      const {body} = await this.#ask({path: list});
      const digest = manifest.slice(manifest.lastIndexOf('/') + 1);
      const isListed = body.toString().includes(digest);
      if (!wanted.has(isListed ? digest : gone))
        this.#find(`${list} ${isListed ? 'has' : 'lacks'} ${digest}`);
    }
  }

  /** The newest entry of each says what the tag is. */
  async #histories(held: ReadonlyMap<string, string>): Promise<void> {
    for (const at of this.#ledger.settings.keys()) {
      const [, name = '', tag = ''] = /^\/v2\/(.+)\/manifests\/([^:]+)$/.exec(at) ?? [];
      if (tag === '') continue;
      const history = `${keys.repository(name)}/_history/${tag}`;
      const last = (await filesBelow({dataDir: this.#dataDir}, history)).at(-1);
      const said = last?.slice(last.indexOf('Z-') + 2).replace('sha256-', 'sha256:') ?? 'deleted';
      const wanted = held.get(at) ?? 'deleted';
      if (said !== wanted)
        this.#find(`the history of ${tag} of ${name} ends with ${said}, and the tag is ${wanted}`);
    }
  }

  /** Each goes on behind what was answered, and becomes the blob that it was to be. */
  async #upload(upload: Upload): Promise<void> {
    const {location, least, most, end} = stateOf(upload, this.#length);
    const {name, content} = upload;
    if (location === undefined || end === 'certain') return;
    const status = await this.#ask({path: location});
    if (status.status === 404 && end === 'possible') return;
    if (status.status !== 204) {
      this.#find(`${location} of ${name}: ${status.status}, and ${least} bytes were taken`);
      return;
    }
    const last = Number(status.headers.range?.split('-')[1]);
    const size = last === 0 ? Math.min(least, 1) : last + 1;
    const sent = end === 'possible' ? content.bytes.length : most;
    if (size < least || size > sent)
      this.#find(`${location} has ${size} bytes of ${least} to ${sent}`);
    const path = `${status.headers.location ?? ''}&digest=${content.digest}`;
    const body = content.bytes.subarray(size);
    const {status: closed} = await this.#ask({method: 'PUT', path, body});
    const got = await this.#ask({path: `/v2/${name}/blobs/${content.digest}`});
    if (closed !== 201 || !got.body.equals(content.bytes))
      this.#find(`${location} can't be finished: ${closed}, then ${got.status}`);
  }

  /** It takes what comes next. */
  async #goesOn(): Promise<void> {
    const next = imageOf([], {annotations: {next: 'x'}});
    const blob = `/v2/next/blobs/uploads/?digest=${config.digest}`;
    const tag = '/v2/next/manifests/latest';
    const headers = {'Content-Type': next.descriptor.mediaType};
    const statuses = [
      await this.#ask({method: 'POST', path: blob, body: config.bytes}),
      await this.#ask({method: 'PUT', path: tag, headers, body: next.bytes}),
      await this.#ask({path: tag}),
      await this.#ask({method: 'DELETE', path: tag}),
    ].map(({status}) => status);
    if (!isDeepStrictEqual(statuses, [201, 201, 200, 202]))
      this.#find(`then it answers ${statuses.join(', ')}`);
  }
}

/** Directories that a cut push has left empty make a repository that holds nothing. */
const withContent = (index: Awaited<ReturnType<typeof inIndex>>): typeof index =>
  Object.fromEntries(
    Object.entries(index).filter(
      ([, {tags, manifests}]) => Object.keys(tags).length + manifests.length > 0,
    ),
  );

const nameIn = (at: string): string => /^\/v2\/(.+)\/(?:blobs|manifests)\//.exec(at)?.[1] ?? '';
