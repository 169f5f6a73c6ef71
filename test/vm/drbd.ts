/** Two machines with one device, whose writes go to the disks of both; what Pacemaker would do after a death, the test does: docs/drbd-pacemaker.md. */
import type {SmallPushes} from '../multi-node/small-pushes.ts';
import {addressOf, Machine} from './machine.ts';
import {addressOfAny, pushThrough} from './pushing-through.ts';
import {makeDisk, type Scenario, type Stage} from './rack.ts';
import {dataDir, owner, serve, untilRole} from './registry-in.ts';

const device = '/dev/drbd8';
const mebibytes = 320;

/** As the page has it for the module in Debian's kernel, 8.4; fencing is the test's own affair, and a resync may take all that there is. */
const resource = `resource registry {
    device    ${device};
    disk      /dev/vda;
    meta-disk internal;
    disk {
        c-plan-ahead 0;
        resync-rate  200M;
    }
    net {
        protocol C;
    }
    on registry-1 {
        address ${addressOf(1)}:7798;
    }
    on registry-2 {
        address ${addressOf(2)}:7798;
    }
}`;

async function bootHost({rack}: Stage, number: number): Promise<Machine> {
  const name = `registry-${number}`;
  const disk = await makeDisk(rack, name, mebibytes);
  return Machine.boot(rack, {name, number, disks: [disk]});
}

/** After each boot. */
async function configure(machine: Machine): Promise<void> {
  await machine.run(`modprobe drbd
mkdir -p /etc/drbd.d /var/lib/drbd
echo 'global { usage-count no; }' > /etc/drbd.d/global_common.conf
cat > /etc/drbd.d/registry.res <<'END'
${resource}
END`);
}

const untilBothAreUpToDate = async (machine: Machine): Promise<string> =>
  machine.run('until grep -q "ds:UpToDate/UpToDate" /proc/drbd; do sleep 1; done');

/** It may not while the other one is believed to live. */
async function takeOver(machine: Machine): Promise<void> {
  await machine.run(`until drbdadm primary registry 2>/dev/null; do sleep 1; done
mount -o noatime ${device} ${dataDir}`);
  await serve(machine);
  await untilRole(machine, 'active');
}

const countOf = (pushed: readonly SmallPushes[]): number =>
  pushed.reduce((sum, {kept}) => sum + kept, 0);

/** In each round the one that serves is killed, the other takes over, and the first comes back. */
const pairOn =
  (fileSystem: 'ext4' | 'xfs'): Scenario =>
  async (stage) => {
    const {say, rounds} = stage;
    let [serving, waiting] = await Promise.all([bootHost(stage, 1), bootHost(stage, 2)]);
    const both = [serving, waiting];
    for (const machine of both) {
      await configure(machine);
      await machine.run('drbdadm create-md --force registry\ndrbdadm up registry');
    }
    // Both are empty: there is nothing to bring to the other.
    await serving.run(`until grep -q "cs:Connected" /proc/drbd; do sleep 1; done
drbdadm -- --clear-bitmap new-current-uuid registry
drbdadm primary registry
mkfs.${fileSystem} -q ${device}
mount -o noatime ${device} ${dataDir}
chown ${owner}:${owner} ${dataDir}
umount ${dataDir}
drbdadm secondary registry`);
    await untilBothAreUpToDate(serving);
    say('both are connected');
    await takeOver(serving);
    const url = await addressOfAny(stage, both);
    const pushed: SmallPushes[] = [];
    const findings: string[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const [dying, next] = [serving, waiting];
      pushed.push(
        await pushThrough(stage, `round${round}`, url, async () => {
          say(`the power of ${dying.name} is cut`);
          await dying.kill();
          await takeOver(next);
        }),
      );
      for (const pushes of pushed) findings.push(...(await pushes.findings(next.url)));
      say(`${countOf(pushed)} contents looked at, ${findings.length} findings`);
      await dying.start();
      await configure(dying);
      await dying.run('drbdadm up registry');
      await untilBothAreUpToDate(dying);
      say(`${dying.name} has what it missed`);
      [serving, waiting] = [next, dying];
    }
    return {rounds, acknowledged: countOf(pushed), findings: [...new Set(findings)]};
  };

export const drbdWithExt4 = pairOn('ext4');
export const drbdWithXfs = pairOn('xfs');
