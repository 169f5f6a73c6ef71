/**
 * The power is cut under a file system, at moments of a load: the disk has what was flushed before, and of what came after it nothing or anything.
 * A machine mounts that, so that its kernel mends it as after any such death, and a server goes on with what is then there.
 */
import {mkdir, open} from 'node:fs/promises';
import {join} from 'node:path';
import {Random} from '../load/random.ts';
import {findingsAfter} from '../multi-node/findings.ts';
import {cutBetween} from '../multi-node/ledger.ts';
import {run} from '../support/command.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {type FileSystem, logLoad, type LoggedLoad, type Mark} from './logged-load.ts';
import {type Disk, Machine} from './machine.ts';
import {makeDisk, type Outcome, type Scenario, type Stage} from './rack.ts';
import {type Entry, replay} from './write-log.ts';

/** In MiB: the disk, and what takes the files out of it. */
const size = 512;

/** Mounts disks that were cut off from their power. */
class Mounter {
  readonly #machine: Machine;
  readonly #cut: Disk;
  readonly #taken: Disk;

  private constructor(...[machine, cut, taken]: readonly [Machine, Disk, Disk]) {
    this.#machine = machine;
    this.#cut = cut;
    this.#taken = taken;
  }

  static async boot({rack}: Stage): Promise<Mounter> {
    const cut = await makeDisk(rack, 'cut', size);
    const taken = await makeDisk(rack, 'taken', size);
    const disks = [cut, taken].map(({file}) => ({file, cache: 'unsafe'}) as const);
    const machine = await Machine.boot(rack, {name: 'mounter', number: 2, disks});
    return new Mounter(machine, cut, taken);
  }

  /** What is there after these writes, in a directory of the host. */
  async lay(load: LoggedLoad, entries: readonly Entry[], directory: string): Promise<void> {
    await using log = await open(load.log);
    await replay(log, entries, this.#cut.file, size * 1024 * 1024);
    await this.#machine.run(`blockdev --flushbufs /dev/vda
mount -o noatime /dev/vda /mnt
tar -C /mnt -cf /dev/vdb .
umount /mnt
blockdev --flushbufs /dev/vdb`);
    await mkdir(directory, {recursive: true});
    await run('tar', ['-C', directory, '--no-same-owner', '-xf', this.#taken.file]);
  }
}

interface Cut {
  readonly what: string;
  readonly entries: readonly Entry[];
  readonly first: Mark;
  readonly second: Mark;
}

/** After the mark: nothing more, or some writes whole, and of those before the next flush a few. */
function cutAt({entries, marks}: LoggedLoad, at: number, random: Random, isLeast: boolean): Cut {
  const [first, second] = marks.slice(at, at + 2) as [Mark, Mark];
  const placeOf = (mark: Mark) => entries.findIndex((entry) => entry.mark === mark.name);
  const [from, to] = [placeOf(first), placeOf(second)];
  const whole = isLeast ? from : from + random.below(to - from + 1);
  const rest = entries.slice(whole, to);
  const barrier = rest.findIndex(({isOrdered}) => isOrdered);
  const loose = isLeast ? [] : rest.slice(0, barrier === -1 ? rest.length : barrier);
  const some = loose.filter(() => random.chance(0.5));
  return {
    what: `mark ${at} of ${marks.length}, ${whole - from} writes more and ${some.length} of ${loose.length}`,
    entries: [...entries.slice(0, whole), ...some],
    ...{first, second},
  };
}

/** Marks with something to lose, and another behind. */
function worthwhile({ledger, marks}: LoggedLoad): readonly number[] {
  const answers = [...ledger.settings.values()].flat().map(({answered}) => answered);
  return marks
    .slice(0, -1)
    .flatMap(({begin}, at) => (answers.some((answered) => answered <= begin) ? [at] : []));
}

async function tryCut(stage: Stage, mounter: Mounter, load: LoggedLoad, cut: Cut) {
  await using ends = new AsyncDisposableStack();
  const life = {
    ...stage.rack.life,
    teardown: (end: () => unknown) => {
      ends.defer(async () => {
        await end();
      });
    },
  };
  const directory = join(await memoryDirectory(life), 'data');
  await mounter.lay(load, cut.entries, directory);
  const ledger = cutBetween(load.ledger, cut.first.begin, cut.second.end);
  const findings = await findingsAfter(life, {
    ...{dataDir: directory, ledger, length: Number.MAX_VALUE},
  });
  const certain = [...ledger.settings.values()].filter((settings) =>
    settings.some(({answered}) => answered < Infinity),
  );
  return {findings, certain: certain.length};
}

const seed = (): Random => new Random(Math.floor(Math.random() * 2 ** 32));

const cutOn =
  (fileSystem: FileSystem): Scenario =>
  async (stage) => {
    const load = await logLoad(stage, fileSystem, {rounds: 2});
    const mounter = await Mounter.boot(stage);
    const random = seed();
    const moments = worthwhile(load);
    const findings: string[] = [];
    let acknowledged = 0;
    for (let round = 0; round < stage.rounds; round += 1) {
      const at = random.pick(moments);
      if (at === undefined) throw new Error('nothing was answered');
      const cut = cutAt(load, at, random, round % 2 === 0);
      const found = await tryCut(stage, mounter, load, cut);
      stage.say(`${cut.what}: ${found.certain} certain, ${found.findings.length} findings`);
      acknowledged += found.certain;
      findings.push(...found.findings.map((finding) => `${cut.what}: ${finding}`));
    }
    return {rounds: stage.rounds, acknowledged, findings};
  };

export const cutUnderExt4 = cutOn('ext4');
export const cutUnderXfs = cutOn('xfs');

/** The same with a server whose syncs do nothing has to lose something: else all of this would show nothing. */
export const cutWithoutSyncs: Scenario = async (stage): Promise<Outcome> => {
  const preload = join(stage.rack.directory, 'no-sync.so');
  const source = join(import.meta.dirname, 'no-sync.c');
  await run('gcc', ['-shared', '-fPIC', '-o', preload, source]);
  const load = await logLoad(stage, 'ext4', {rounds: 1, preload});
  const mounter = await Mounter.boot(stage);
  const random = seed();
  for (let round = 1; round <= stage.rounds; round += 1) {
    const cut = cutAt(load, random.pick(worthwhile(load)) ?? 0, random, true);
    const {findings, certain} = await tryCut(stage, mounter, load, cut);
    stage.say(`${cut.what}: ${certain} certain, ${findings.length} findings, as it must be`);
    if (findings.length > 0) return {rounds: round, acknowledged: certain, findings: []};
  }
  return {rounds: stage.rounds, acknowledged: 0, findings: ['no sync was missed']};
};
