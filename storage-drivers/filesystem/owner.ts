/** `owner.json` and `alive` in the directory of an epoch: who holds it, and a word that changes while he does. */
import {parseIdentity, type ProcessIdentity, stateOf} from './process-identity.ts';
import {readFile} from './read-file.ts';
import type {System} from './system.ts';

/** What others are told of a process that writes. */
export interface NodeWords {
  readonly name: string;
  /** A URL at which other nodes reach it. */
  readonly address?: string | undefined;
}

interface Owner extends ProcessIdentity {
  /** Absent: it is alone, and no other waits for its end. */
  readonly node?: NodeWords | undefined;
}

export interface Holder {
  readonly epoch: number;
  readonly node: NodeWords | undefined;
  readonly hostname: string | undefined;
  readonly pid: number | undefined;
  /** `unknown`: one of another host, or in a container of this one, of which its beat alone tells. */
  readonly state: 'self' | 'alive' | 'dead' | 'unknown';
  /** Another word each time that he says that he lives. Absent: he says nothing. */
  readonly beat: string | undefined;
}

export async function readHolder(
  system: System,
  directory: string,
  own: ProcessIdentity,
): Promise<Omit<Holder, 'epoch'>> {
  const owner = await readOwner(system, directory);
  const beat = (await readFile(system, `${directory}/alive`))?.toString();
  const state = await stateOf(owner, own);
  // Another boot of this host, or another host of the same name: of a node its beat tells.
  const isOfOtherBoot = owner !== undefined && owner.bootId !== own.bootId;
  return {
    node: owner?.node,
    hostname: owner?.hostname,
    pid: owner?.pid,
    state: beat !== undefined && isOfOtherBoot ? 'unknown' : state,
    beat,
  };
}

async function readOwner(system: System, directory: string): Promise<Owner | undefined> {
  const text = (await readFile(system, `${directory}/owner.json`))?.toString();
  const identity = text === undefined ? undefined : parseIdentity(text);
  return text === undefined || !identity ? undefined : {...identity, node: nodeIn(text)};
}

function nodeIn(text: string): NodeWords | undefined {
  const {node} = JSON.parse(text) as {readonly node?: unknown};
  if (typeof node !== 'object' || node === null || !('name' in node)) return undefined;
  const {name} = node;
  if (typeof name !== 'string') return undefined;
  const address = 'address' in node ? node.address : undefined;
  return {name, address: typeof address === 'string' ? address : undefined};
}
