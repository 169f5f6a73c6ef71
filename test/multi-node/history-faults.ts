/** Kills nodes and lets them stand still, at random, one fault after the other. */
import {setTimeout} from 'node:timers/promises';
import type {TestNode} from '../cluster/nodes.ts';
import type {Random} from '../load/random.ts';
import {until} from '../support/raw-request.ts';

interface FaultOptions {
  readonly random: Random;
  readonly names: readonly string[];
  readonly start: (name: string) => Promise<TestNode>;
  /** URLs. */
  readonly active: () => readonly string[];
}

export class Faults {
  readonly counts = {killed: 0, stopped: 0};
  readonly #options: FaultOptions;
  readonly #nodes = new Map<string, TestNode>();

  constructor(options: FaultOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (const name of this.#options.names) this.#nodes.set(name, await this.#options.start(name));
  }

  /** Until then; all nodes run again when it resolves. */
  async work(signal: AbortSignal): Promise<void> {
    const {random, active} = this.#options;
    while (!signal.aborted) {
      await until(() => active().length > 0);
      await setTimeout(500 + random.below(2500));
      // Most of the time the one that matters.
      const nodes = [...this.#nodes.values()];
      const serving = nodes.filter(({url}) => active().includes(url));
      const node = random.pick(random.chance(0.75) && serving.length > 0 ? serving : nodes);
      if (!node) continue;
      if (random.chance(0.5)) await this.#kill(node);
      else await this.#stop(node);
    }
    await until(() => active().length > 0);
  }

  async #kill({name, service}: TestNode): Promise<void> {
    this.counts.killed += 1;
    await service.stop('SIGKILL');
    await setTimeout(this.#options.random.below(3000));
    this.#nodes.set(name, await this.#options.start(name));
  }

  async #stop({service: {pid}}: TestNode): Promise<void> {
    this.counts.stopped += 1;
    process.kill(pid, 'SIGSTOP');
    await setTimeout(this.#options.random.below(6000));
    process.kill(pid, 'SIGCONT');
  }
}
