/** Several nodes on one directory, each a process of its own. */
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {freePort} from '../support/ports.ts';
import {type Answer, ask} from '../support/registry.ts';
import {entry, startServe, withoutSettings} from '../support/serve-process.ts';
import type {Service} from '../support/service.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

export interface TestNode {
  readonly name: string;
  readonly url: string;
  readonly service: Service;
  ask(path: string, options?: Parameters<typeof ask>[2]): Promise<Answer>;
  readonly dataDir: string;
  /** As `holdfast`, with what the command reads. */
  given(input: string): (...words: readonly string[]) => Promise<string>;
  /** On this node's host. */
  holdfast(...words: readonly string[]): Promise<string>;
  /** `holdfast node VERB`. */
  command(verb: string): Promise<string>;
}

interface NodesOptions {
  /** Over what every node has. */
  readonly config?: object;
  readonly cluster?: object;
  /** In place of one in memory. */
  readonly directory?: string;
}

interface Nodes {
  readonly dataDir: string;
  /** The address is one that it has where the prefix leads. */
  start(name: string, prefix?: readonly string[], address?: string): Promise<TestNode>;
}

/** A place for nodes; a node that is started again under its name gets its address again. */
export async function nodesOf(t: ExecutionContext, options: NodesOptions = {}): Promise<Nodes> {
  const directory = options.directory ?? (await memoryDirectory(t));
  const dataDir = join(directory, 'data');
  const ports = new Map<string, number>();
  return {
    dataDir,
    start: async (name, prefix = [], address = '127.0.0.1') => {
      const port = ports.get(name) ?? (await freePort(t));
      ports.set(name, port);
      const url = `http://${address}:${port}`;
      const configFile = join(directory, `${name}.yaml`);
      const config = {
        dataDir,
        http: {listen: [`${address}:${port}`]},
        tls: {mode: 'off'},
        auth: {mode: 'none'},
        ui: {enabled: false},
        ...options.config,
        cluster: {mode: 'active-standby', node: name, address: url, ...options.cluster},
      };
      const given =
        (input: string) =>
        async (...words: readonly string[]): Promise<string> => {
          const all = [entry, ...words, '--config', configFile];
          return (await run(process.execPath, all, {env: withoutSettings, input})).stdout;
        };
      const holdfast = given('');
      const {service} = await startServe(t, {configFile, config, prefix});
      return {
        name,
        url,
        service,
        ask: async (path, asked) => ask({url}, path, asked),
        dataDir,
        given,
        holdfast,
        command: async (verb) => holdfast('node', verb),
      };
    },
  };
}

/** In milliseconds. */
const longest = 30_000;

/** Until it answers 200; how long that took, in milliseconds. */
export async function until(node: TestNode, path: string): Promise<number> {
  const begin = performance.now();
  for (;;) {
    const status = await node.ask(path).then(
      (answer) => answer.status,
      () => 0,
    );
    const passed = performance.now() - begin;
    if (status === 200) return passed;
    if (passed > longest) throw new Error(`${node.name} does not answer ${path} with 200`);
    await setTimeout(20);
  }
}
