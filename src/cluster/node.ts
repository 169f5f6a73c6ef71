/** One of several nodes on a directory: serves, or waits until nobody does. */
import {setTimeout} from 'node:timers/promises';
import type {DataPaths} from '../config/data-directory.ts';
import {nodeNameOf} from '../config/node-name.ts';
import type {Config} from '../config/schema.ts';
import {errorText} from '../observability/error-text.ts';
import type {Logger} from '../observability/log.ts';
import {HolderWatch, reasonToFence, type Sight} from './holder-watch.ts';
import {mayPass} from './may-pass.ts';
import {NodeError} from './node-error.ts';
import type {NodeState, NodeStatus} from './node-status.ts';
import type {CreateService, Service, SharedVolume, Started, Taking} from './ports.ts';
import {openStandby, type Standby} from './standby.ts';

interface NodeOptions<S extends Started> {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly volume: SharedVolume;
  readonly create: CreateService<S>;
  readonly log: Logger;
}

/** In milliseconds. */
const longestPause = 500;
const afterFailure = 2000;

export class Node<S extends Started> {
  readonly #options: NodeOptions<S>;
  readonly #watch: HolderWatch;
  readonly #closing = new AbortController();
  #state: NodeState = 'starting';
  #since = new Date();
  #sights: readonly Sight[] = [];
  #problem: string | undefined;
  #service: Service<S> | undefined;
  #standby: Standby | undefined;
  /** Somebody has said that another is to serve: not before one has, or he says otherwise. */
  #isResting = false;
  /** The newest epoch when it was said. */
  #restedAt = 0;
  #isFenced = false;
  /** Changes of the state, one at a time. */
  #turn: Promise<unknown> = Promise.resolve();
  #running: Promise<void> | undefined;
  /** Ends the pause of the loop. */
  #hurry: (() => void) | undefined;

  constructor(options: NodeOptions<S>) {
    this.#options = options;
    this.#watch = new HolderWatch(options.volume);
  }

  /** Resolves with what was started when this node serves, or `undefined` when it stands by. Rejects where it can do neither. */
  async start(): Promise<S | undefined> {
    await this.#look();
    const taking = this.#mayTake();
    const started = taking ? await this.#activate(taking, {isFirst: true}) : undefined;
    if (!started) await this.#standBy();
    this.#running = this.#run();
    return started;
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    this.#hurry?.();
    await this.#running;
    await this.#turn;
    await this.#service?.stop();
    await this.#standby?.close();
  }

  underWay(): number {
    return this.#service?.underWay() ?? 0;
  }

  reopenLogs(): void {
    this.#service?.reopenLogs();
  }

  get urls(): readonly string[] {
    return this.#standby?.urls ?? [];
  }

  async status(): Promise<NodeStatus> {
    const {config, volume} = this.#options;
    const sights = await this.#watch.look();
    return {
      node: nodeNameOf(config),
      mode: config.cluster.mode,
      state: this.#isResting && this.#state === 'standby' ? 'resting' : this.#state,
      since: this.#since.toISOString(),
      volume: (await volume.id()) ?? null,
      problem: this.#problem ?? null,
      holders: sights.map(({epoch, node, hostname, pid, state, silentFor, beat}) => ({
        epoch,
        node: node?.name ?? null,
        address: node?.address ?? null,
        hostname: hostname ?? null,
        pid: pid ?? null,
        state,
        silentFor: beat === undefined ? null : Math.round(silentFor),
      })),
    };
  }

  /** Serves from now on; whoever does so far can't write any more. Throws a NodeError. */
  async promote(): Promise<void> {
    await this.#alone(async () => {
      if (this.#state === 'active') throw new NodeError('this node is active already');
      await this.#look();
      this.#isResting = false;
      const after = this.#sights[0]?.epoch ?? 0;
      this.#options.log.warn({former: this.#former()}, 'promoted by an operator');
      const started = await this.#activate({takeOver: true, after}, {isFirst: false});
      if (!started)
        throw new NodeError(`it could not take over: ${this.#problem ?? 'see the log'}`);
    });
  }

  /** Stands by from now on, until another has served. Throws a NodeError. */
  async demote(): Promise<void> {
    await this.#alone(async () => {
      if (this.#options.config.cluster.mode === 'active-active')
        throw new NodeError('in active-active every node serves: stop this one instead');
      if (this.#state !== 'active') throw new NodeError('this node is not active');
      await this.#look();
      this.#isResting = true;
      this.#restedAt = this.#sights[0]?.epoch ?? 0;
      this.#options.log.warn('demoted by an operator');
      await this.#deactivate();
    });
  }

  async #run(): Promise<void> {
    const pause = Math.min(longestPause, this.#options.config.cluster.leaseTime / 6);
    while (!this.#closing.signal.aborted) {
      const hurried = Promise.withResolvers<undefined>();
      this.#hurry = () => {
        hurried.resolve(undefined);
      };
      const {signal} = this.#closing;
      const timer = new AbortController();
      await Promise.race([
        setTimeout(this.#problem === undefined ? pause : afterFailure, undefined, {
          signal: AbortSignal.any([signal, timer.signal]),
        }).catch(() => undefined),
        hurried.promise,
      ]);
      timer.abort();
      if (!signal.aborted) await this.#alone(async () => this.#step());
    }
  }

  async #alone(work: () => Promise<void>): Promise<void> {
    const before = this.#turn;
    const mine = Promise.withResolvers<undefined>();
    this.#turn = mine.promise;
    await before;
    try {
      await work();
    } finally {
      mine.resolve(undefined);
    }
  }

  async #step(): Promise<void> {
    try {
      if (this.#isFenced && this.#state === 'active') await this.#lose();
      else if (this.#state === 'active') await this.#lookAfterOthers();
      else await this.#wait();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #wait(): Promise<void> {
    await this.#look();
    if (this.#sights.some(({epoch}) => epoch > this.#restedAt)) this.#isResting = false;
    const taking = this.#isResting ? undefined : this.#mayTake();
    if (taking) await this.#activate(taking, {isFirst: false});
    else if (!this.#standby) await this.#standBy();
  }

  /** In active-active: who is gone must not come back and write. */
  async #lookAfterOthers(): Promise<void> {
    const {config, volume, log} = this.#options;
    if (config.cluster.mode !== 'active-active') return;
    await this.#look();
    for (const {epoch, node, ...sight} of this.#sights) {
      const reason = reasonToFence(sight, config.cluster.leaseTime);
      if (reason === undefined) continue;
      log.warn({epoch, node: node?.name, reason}, 'another node is fenced');
      await volume.fence(epoch);
    }
  }

  async #look(): Promise<void> {
    this.#sights = await this.#watch.look();
  }

  /** `undefined`: somebody serves. */
  #mayTake(): Taking | undefined {
    const {mode, leaseTime} = this.#options.config.cluster;
    if (mode === 'active-active') return {isBeside: true};
    const [newest] = this.#sights;
    if (!newest) return {after: 0};
    const reason = reasonToFence(newest, leaseTime);
    if (reason === undefined) return undefined;
    this.#options.log.warn({former: this.#former(), reason}, 'takes over');
    return {takeOver: true, after: newest.epoch};
  }

  #former(): object | undefined {
    const [newest] = this.#sights;
    return newest && {epoch: newest.epoch, node: newest.node?.name, host: newest.hostname};
  }

  async #activate(taking: Taking, {isFirst}: {readonly isFirst: boolean}): Promise<S | undefined> {
    const {create, log} = this.#options;
    this.#become('activating');
    this.#isFenced = false;
    const begin = performance.now();
    const service = create({
      taking,
      beforeListening: async () => this.#closeStandby(),
      onFenced: () => {
        this.#isFenced = true;
        this.#hurry?.();
      },
    });
    try {
      const started = await service.start();
      this.#service = service;
      this.#problem = undefined;
      this.#become('active');
      log.info({ms: Math.round(performance.now() - begin)}, 'this node is active');
      return started;
    } catch (error) {
      this.#become('standby');
      // What does not depend on others does not go away by itself.
      if (isFirst && !mayPass(error)) throw error;
      this.#fail(error);
      return undefined;
    }
  }

  async #lose(): Promise<void> {
    this.#options.log.error('this node has lost its right to write');
    await this.#deactivate();
  }

  /** The addresses answer again before the last request has ended. */
  async #deactivate(): Promise<void> {
    this.#become('deactivating');
    const stopping = this.#service?.stop();
    this.#service = undefined;
    try {
      await Promise.all([stopping, this.#standBy()]);
    } finally {
      this.#become('standby');
    }
  }

  async #standBy(): Promise<void> {
    const {config, paths, log} = this.#options;
    if (this.#state !== 'deactivating') this.#become('standby');
    try {
      const active = () => this.#sights.find(({state}) => state !== 'dead' && state !== 'self');
      this.#standby ??= await openStandby({config, paths, log, active});
      this.#problem = undefined;
      log.info({active: active()?.node?.name}, 'this node stands by');
    } catch (error) {
      this.#fail(error);
    }
  }

  async #closeStandby(): Promise<void> {
    const standby = this.#standby;
    this.#standby = undefined;
    await standby?.close();
  }

  /** Told once, as long as it stays the same. */
  #fail(error: unknown): void {
    const problem = errorText(error);
    if (problem !== this.#problem)
      this.#options.log.error({err: error}, 'this node can do nothing at present');
    this.#problem = problem;
  }

  #become(state: NodeState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#since = new Date();
  }
}
