import {randomInt} from 'node:crypto';
import {run} from './command.ts';
import type {Lifetime} from './lifetime.ts';

export type NetworkNamespace = {
  /** The address of this side, which the other side reaches: neither loopback nor 'insecure'. */
  readonly hostAddress: string;
  /** The words that go before a command to run it on the other side. */
  readonly enter: readonly string[];
};

/** There are 2^14 networks of four addresses in 10.200.0.0/16. */
const networks = 2 ** 14;

/**
 * A network namespace with one cable to this side. Which of the networks it has is decided by
 * creating the namespace, which fails for all but one; it is removed at the end.
 */
export async function networkNamespace(life: Lifetime): Promise<NetworkNamespace> {
  const index = await claimNetwork(life);
  const name = namespaceName(index);
  const [near, far] = [`hf${index}a`, `hf${index}b`];
  const network = `10.200.${index >> 6}`;
  const first = (index & 63) * 4;
  const hostAddress = `${network}.${first + 1}`;
  const ip = (words: string) => run('ip', words.split(' '));

  await ip(`link add ${near} type veth peer name ${far} netns ${name}`);
  await ip(`addr add ${hostAddress}/30 dev ${near}`);
  await ip(`link set ${near} up`);
  await ip(`-n ${name} addr add ${network}.${first + 2}/30 dev ${far}`);
  await ip(`-n ${name} link set ${far} up`);
  await ip(`-n ${name} link set lo up`);
  // Not `ip netns exec`, which mounts a new /sys without the control groups that dockerd needs.
  return {hostAddress, enter: ['nsenter', `--net=/run/netns/${name}`]};
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
