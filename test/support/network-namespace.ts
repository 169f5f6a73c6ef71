import {randomInt} from 'node:crypto';
import {run} from './command.ts';
import type {Lifetime} from './lifetime.ts';
import {findProgram} from './programs.ts';

export type NetworkNamespace = {
  /** The address of this side, which the other side reaches: neither loopback nor 'insecure'. */
  readonly hostAddress: string;
  readonly name: string;
  /** The words that go before a command to run it on the other side. */
  readonly enter: readonly string[];
  /** Of the other side, which this side reaches. */
  readonly address: string;
  /** Packets go neither way until it is mended. */
  cutCable(): Promise<void>;
  mendCable(): Promise<void>;
};

/** Of this side, for all namespaces. */
const hostAddress = '10.200.0.1';
/** The others have each an address in 10.200.0.0/16, but for its first four and its last. */
const networks = 2 ** 16 - 5;

/**
 * Gives this side its address, and leaves it there: whenever an address comes or goes, browsers break off what they are loading. Cables alone
 * they don't mind.
 */
export async function layHostAddress(): Promise<void> {
  if (findProgram('ip') === undefined) return;
  const words = ['addr', 'add', `${hostAddress}/32`, 'dev', 'lo'];
  await run('ip', words, {allowFailure: true});
}

/**
 * A network namespace with one cable to this side. Which of the addresses it has is decided by
 * creating the namespace, which fails for all but one; it is removed at the end.
 */
export async function networkNamespace(life: Lifetime): Promise<NetworkNamespace> {
  await layHostAddress();
  const index = await claimNetwork(life);
  const name = namespaceName(index);
  const [near, far] = [`hf${index}a`, `hf${index}b`];
  const address = `10.200.${(index + 4) >> 8}.${(index + 4) & 255}`;
  const ip = (words: string) => run('ip', words.split(' '));

  await ip(`link add ${near} type veth peer name ${far} netns ${name}`);
  // It would give itself an address of its own.
  await ip(`link set ${near} addrgenmode none`);
  await ip(`link set ${near} up`);
  await ip(`-n ${name} link set lo up`);
  await ip(`-n ${name} addr add ${address}/32 dev ${far}`);
  await ip(`-n ${name} link set ${far} up`);
  const wayBack = `-n ${name} route replace ${hostAddress} dev ${far}`;
  await ip(wayBack);
  await ip(`route replace ${address} dev ${near} src ${hostAddress}`);
  // Not `ip netns exec`, which mounts a new /sys without the control groups that dockerd needs.
  return {
    ...{hostAddress, name, enter: ['nsenter', `--net=/run/netns/${name}`], address},
    // At its far end: with the near one this side's route would go, and what is sent there to whoever the default route leads to.
    cutCable: async () => {
      await ip(`-n ${name} link set ${far} down`);
    },
    // The route of that side went with it.
    mendCable: async () => {
      await ip(`-n ${name} link set ${far} up`);
      await ip(wayBack);
    },
  };
}

/** A cable between the two, by which each reaches the other at its address; it goes with them. */
export async function layCableBetween(one: NetworkNamespace, other: NetworkNamespace) {
  const ip = async (words: string) => run('ip', words.split(' '));
  await ip(`-n ${one.name} link add across type veth peer name across netns ${other.name}`);
  for (const [near, far] of [
    [one, other],
    [other, one],
  ] as const) {
    await ip(`-n ${near.name} link set across up`);
    await ip(`-n ${near.name} route add ${far.address} dev across src ${near.address}`);
  }
}

async function claimNetwork(life: Lifetime): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const index = randomInt(networks);
    const {exitCode, stderr} = await run('ip', ['netns', 'add', namespaceName(index)], {
      allowFailure: true,
    });
    if (exitCode === 0) {
      life.teardown(async () => {
        await run('ip', ['link', 'del', `hf${index}a`], {allowFailure: true});
        await run('ip', ['netns', 'del', namespaceName(index)]);
      });
      return index;
    }
    if (attempt === 10) throw new Error(`no network namespace can be made: ${stderr}`);
  }
}

function namespaceName(index: number): string {
  return `holdfast-test-${index}`;
}
