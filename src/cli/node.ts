/** `holdfast node`: which of several hosts serves, and how another takes over. */
import type {IncomingMessage} from 'node:http';
import {once} from 'node:events';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import type {Command} from 'commander';
import {z} from 'zod';
import {nodeSocketName} from '../cluster/node-socket.ts';
import {type NodeStatus, nodeStatus} from '../cluster/node-status.ts';
import {runDirectory} from '../config/data-directory.ts';
import {errorCode} from '../host/error-code.ts';
import {requireSocket, withShortPath} from '../http/administration-socket.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {moment, print, properties, table} from './output.ts';
import {type Printing, verb} from './verb.ts';

const examples = `
Examples:
  holdfast node status                  which node serves, and which volume it is
  holdfast node status --json
  holdfast node demote                  on the active node: hand over, as before a reboot
  holdfast node promote                 on a standby: take over now
`;

type Question = 'GET /status' | 'POST /promote' | 'POST /demote';

async function status(options: Printing, command: Command): Promise<void> {
  const found = (await ask(command, 'GET /status')) ?? (await lookOurselves(command));
  print(found, options, () => describe(found));
}

const change =
  (question: Question, sentence: string) =>
  async (options: Printing, command: Command): Promise<void> => {
    const found = await ask(command, question);
    if (!found) {
      const {cluster} = loadFor(command).config;
      throw new Failure(
        cluster.mode === 'single'
          ? 'cluster.mode is single: there are no other nodes; set it to active-standby on each of them'
          : 'no process of this node runs: start it with holdfast serve, or systemctl start holdfast',
      );
    }
    print(found, options, () => `${found.node} ${sentence}`);
  };

function describe({node, mode, state, since, volume, problem, holders}: NodeStatus): string {
  const about = properties([
    ['node', node],
    ['mode', mode],
    ['state', state],
    ['since', since === null ? undefined : moment(since)],
    ['volume', volume ?? 'new'],
    ['problem', problem ?? undefined],
  ]);
  if (holders.length === 0) return `${about}\n\nNobody serves this directory.`;
  const rows = holders.map((holder) => [
    String(holder.epoch),
    holder.node ?? '',
    holder.hostname ?? '',
    holder.pid === null ? '' : String(holder.pid),
    holder.state === 'unknown' ? 'elsewhere' : holder.state === 'self' ? 'this one' : holder.state,
    holder.silentFor === null ? '' : `${holder.silentFor} ms`,
    holder.address ?? '',
  ]);
  const head = ['EPOCH', 'NODE', 'HOST', 'PID', 'PROCESS', 'LAST BEAT', 'ADDRESS'];
  return `${about}\n\n${table(head, rows)}`;
}

/** What the volume tells, where no process of this node runs. */
async function lookOurselves(command: Command): Promise<NodeStatus> {
  const {config} = loadFor(command);
  const {lookAtNodes} = await import('../node.ts');
  return lookAtNodes(config);
}

const refusal = z.object({error: z.string()});

/** `undefined`: no process of this node runs, or it knows no others. */
async function ask(command: Command, question: Question): Promise<NodeStatus | undefined> {
  const path = join(runDirectory(loadFor(command).config), nodeSocketName);
  let answer: {readonly status: number | undefined; readonly body: string};
  try {
    await requireSocket(path);
    answer = await withShortPath(path, async (short) => send(short, question));
  } catch (error) {
    const code = errorCode(error) ?? 'error';
    if (['ENOENT', 'ECONNREFUSED', 'ENOTDIR'].includes(code)) return undefined;
    throw new Failure(
      code === 'EACCES' || code === 'EPERM'
        ? `${path} belongs to another user: run this command as the user that runs holdfast, or as root`
        : `the node at ${path} gave no answer (${code})`,
      {cause: error},
    );
  }
  const body: unknown = JSON.parse(answer.body);
  if (answer.status === 200) return nodeStatus.parse(body);
  throw new Failure(refusal.parse(body).error);
}

async function send(socketPath: string, question: Question) {
  const {request} = await import('node:http');
  const [method, path] = question.split(' ');
  const asked = request({socketPath, method, path, headers: {Host: 'localhost'}, agent: false});
  const answered = once(asked, 'response');
  asked.end();
  const [response] = (await answered) as [IncomingMessage];
  return {status: response.statusCode, body: await text(response)};
}

export function nodeCommand(node: Command): void {
  verb(node, 'status', 'tell which node serves').action(status);
  verb(node, 'promote', 'make this node the active one, whoever is it now').action(
    change('POST /promote', 'is active now'),
  );
  verb(node, 'demote', 'make this node stand by, so that another takes over').action(
    change('POST /demote', 'stands by now, until another node has served or it is promoted'),
  );
  node.addHelpText('after', examples);
}
