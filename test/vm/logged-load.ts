/** One load on a file system of a machine, all of whose writes are written down, with marks that say what was answered by then. */
import {open} from 'node:fs/promises';
import {Ledger} from '../multi-node/ledger.ts';
import {pushRounds} from '../multi-node/pushing.ts';
import {Machine} from './machine.ts';
import {makeDisk, type Stage} from './rack.ts';
import {dataDir, logOf, owner, serve, untilRole} from './registry-in.ts';
import {type Entry, readEntries} from './write-log.ts';

export type FileSystem = 'ext4' | 'xfs';

/** A moment of the load, which falls between these two, by the clock of the ledger. */
export interface Mark {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

export interface LoggedLoad {
  readonly ledger: Ledger;
  readonly marks: readonly Mark[];
  /** On the host. */
  readonly log: string;
  readonly entries: readonly Entry[];
}

const pushers = 3;
const mebibytes = {disk: 512, log: 3072};
/** Nothing is discarded: the log would have to say that something is gone. */
const formats = {
  ext4: 'mkfs.ext4 -q -E nodiscard,lazy_itable_init=0,lazy_journal_init=0',
  xfs: 'mkfs.xfs -q -K',
};

export async function logLoad(
  stage: Stage,
  fileSystem: FileSystem,
  {rounds, preload}: {readonly rounds: number; readonly preload?: string},
): Promise<LoggedLoad> {
  const {rack, say} = stage;
  const target = await makeDisk(rack, 'target', mebibytes.disk);
  const log = await makeDisk(rack, 'log', mebibytes.log);
  const disks = [target, log].map(({file}) => ({file, cache: 'unsafe'}) as const);
  const machine = await Machine.boot(rack, {name: 'logged', number: 1, disks});
  await machine.run(`export DM_DISABLE_UDEV=1
modprobe dm-log-writes
echo "0 $(blockdev --getsz /dev/vda) log-writes /dev/vda /dev/vdb" | dmsetup create logged
${formats[fileSystem]} /dev/mapper/logged
mount -o noatime /dev/mapper/logged ${dataDir}
chown ${owner}:${owner} ${dataDir}`);
  await serve(machine, preload === undefined ? {} : {preload});
  await untilRole(machine, 'active');
  say(`serves on ${fileSystem}`);

  const ledger = new Ledger(() => performance.now());
  const marks: Mark[] = [];
  const names = Array.from({length: pushers}, (_, at) => `r${at}`);
  let isOver = false;
  const pushing = Promise.all(
    names.map(async (name, at) =>
      pushRounds({
        port: Number(new URL(machine.url).port),
        ledger,
        name,
        neighbour: names[(at + 1) % pushers] ?? '',
        rounds: {from: 0, to: rounds},
        onAnswer: () => undefined,
      }),
    ),
  ).finally(() => {
    isOver = true;
  });
  const marking = async (): Promise<void> => {
    while (!isOver) {
      const [name, begin] = [`m${marks.length}`, performance.now()];
      await machine.run(`dmsetup message logged 0 mark ${name}`);
      marks.push({name, begin, end: performance.now()});
    }
  };
  try {
    await Promise.all([pushing, marking()]);
  } catch (error) {
    throw new Error(`the load broke off:\n${await logOf(machine)}`, {cause: error});
  }
  await machine.kill();
  await using handle = await open(log.file);
  const entries = await readEntries(handle);
  say(`${ledger.settings.size} paths, ${marks.length} marks, ${entries.length} writes in the log`);
  return {ledger, marks, log: log.file, entries};
}
