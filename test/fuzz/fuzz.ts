/** A run: so many clients speak nonsense for so long, and every answer is judged; then the server is looked at. */
import {describe, growth, settle} from '../load/growth.ts';
import {type Hearing, speak} from '../load/connection.ts';
import {Random} from '../load/random.ts';
import {ServerProcess} from '../load/server-process.ts';
import {judge, malformed} from './judge.ts';
import {verdict} from '../load/verdict.ts';
import {watch} from '../load/watch.ts';
import {Accounts} from './accounts.ts';
import {Pool} from './pool.ts';
import {type Case, speech} from './speech.ts';
import {hashOf} from './words.ts';

interface FuzzOptions {
  readonly seed: number;
  readonly milliseconds: number;
  readonly clients: number;
  /** With accounts, of which the admin has this password; without it there are none. */
  readonly adminPassword?: string | undefined;
  readonly say: (line: string) => void;
}

export interface Failure {
  readonly fault: string;
  readonly speech: Case;
}

export interface FuzzResult {
  readonly cases: number;
  readonly statuses: ReadonlyMap<number, number>;
  readonly failures: readonly Failure[];
  /** What the server logged as errors, what has grown, what lies about. */
  readonly faults: readonly string[];
}

/** In milliseconds: in less the RSS tells nothing, the collector is still learning how much it may take. */
const longEnough = 600_000;
/** More tell nothing new. */
const mostFailures = 20;

export async function fuzz(options: FuzzOptions): Promise<FuzzResult> {
  const server = await ServerProcess.start(options.adminPassword);
  try {
    return await new Run(server, options).run();
  } finally {
    await server.stop();
  }
}

class Run {
  readonly #server: ServerProcess;
  readonly #options: FuzzOptions;
  readonly #pool: Pool;
  readonly #statuses = new Map<number, number>();
  readonly #failures: Failure[] = [];
  #cases = 0;

  constructor(server: ServerProcess, options: FuzzOptions) {
    this.#server = server;
    this.#options = options;
    const {adminPassword} = options;
    this.#pool = new Pool(adminPassword === undefined ? undefined : new Accounts(adminPassword));
  }

  async run(): Promise<FuzzResult> {
    const {seed, milliseconds, clients, say} = this.#options;
    const random = new Random(seed);
    // Everything is done once first: code is compiled, pools are filled.
    await this.#startThread();
    await this.#talk(random.fork(), clients, milliseconds * 0.25);
    const before = await this.#quiet();
    say(`warm: ${describe(before)}`);
    const samples = await watch(this.#server, {milliseconds, say}, async () =>
      this.#talk(random.fork(), clients, milliseconds * 0.75),
    );
    const {text, isGrowing} = verdict(samples);
    say(text);
    const after = await this.#quiet();
    say(`at the end: ${describe(after)}`);
    const grown = growth(before, after);
    if (isGrowing && milliseconds >= longEnough) grown.push(text);
    const faults = [...this.#server.complaints, ...grown, ...(await this.#leftovers())];
    return {cases: this.#cases, statuses: this.#statuses, failures: this.#failures, faults};
  }

  /** The thread that digests starts with the first algorithm that is named at the end alone, and stays: it is no leak. */
  async #startThread(): Promise<void> {
    const base = `http://127.0.0.1:${this.#server.port}`;
    const authorization = this.#pool.accounts?.proof.split(': ')[1];
    const headers = {
      'content-type': 'application/octet-stream',
      ...(authorization === undefined ? {} : {authorization}),
    };
    const locationOf = ({headers: told}: Response): URL =>
      new URL(told.get('location') ?? '', base);
    const begun = await fetch(`${base}/v2/a/blobs/uploads/`, {method: 'POST', headers});
    const body = Buffer.from('digested once more');
    const grown = await fetch(locationOf(begun), {method: 'PATCH', headers, body});
    const end = locationOf(grown);
    end.searchParams.set('digest', hashOf('sha512', body));
    const {status} = await fetch(end, {method: 'PUT', headers});
    if (status !== 201) throw new Error(`the first upload was answered ${status}`);
  }

  async #talk(random: Random, clients: number, milliseconds: number): Promise<void> {
    const end = performance.now() + milliseconds;
    const isOver = () =>
      performance.now() > end || this.#failures.length >= mostFailures || !this.#server.isRunning;
    const client = async (own: Random): Promise<void> => {
      while (!isOver()) await this.#try(speech(own, this.#pool));
    };
    await Promise.all(Array.from({length: clients}, async () => client(random.fork())));
  }

  async #try(what: Case): Promise<void> {
    this.#cases += 1;
    const hearing = await speak(this.#server.port, what).catch((error: unknown) => error);
    const isHeard = (value: unknown): value is Hearing =>
      typeof value === 'object' && value !== null && 'answers' in value;
    const fault = isHeard(hearing)
      ? judge(what, hearing, {hasPages: this.#pool.accounts !== undefined})
      : malformed(hearing);
    if (fault !== undefined) this.#failures.push({fault, speech: what});
    if (isHeard(hearing)) this.#learn(hearing);
  }

  #learn({answers}: Hearing): void {
    for (const {status, headers, body} of answers) {
      this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
      const token = /"token":"([^"]+)"/.exec(body.toString('latin1', 0, 8192))?.[1];
      if (token !== undefined) this.#pool.accounts?.addToken(token);
      const location = headers.get('location') ?? '';
      const digest = headers.get('docker-content-digest');
      if (location.includes('_state=')) this.#pool.addUpload(location);
      if (status === 201 && digest !== undefined) this.#pool.addContent(digest, location);
    }
  }

  /** Cancels what is unfinished, and waits until nothing moves. */
  async #quiet() {
    for (const [path, location] of this.#pool.unfinished) {
      const line = [
        `DELETE ${location} HTTP/1.1`,
        'Host: test',
        'Connection: close',
        ...(this.#pool.accounts ? [this.#pool.accounts.proof] : []),
        '\r\n',
      ].join('\r\n');
      const pieces = [Buffer.from(line)];
      await speak(this.#server.port, {pieces, pause: 0, ending: 'wait', methods: ['DELETE']});
      this.#pool.unfinished.delete(path);
    }
    return settle(this.#server);
  }

  /** What a server that is at rest has no use for. */
  async #leftovers(): Promise<readonly string[]> {
    const files = await this.#server.files();
    const idle = /\.(?:part|checkpoint|joined)$|_holdfast\/(?:trash|epochs\/\d+\/(?!owner\.json$))/;
    return files.filter((file) => idle.test(file)).map((file) => `left behind: ${file}`);
  }
}
