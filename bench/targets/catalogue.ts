/** All that can be measured on this machine. */
import {execFile} from 'node:child_process';
import {promisify} from 'node:util';
import {builtGoProgram, type GoProgram, installGoProgram, whyNoGo} from '../../conformance/go.ts';
import {findProgram, howToInstall} from '../programs.ts';
import {distribution} from './distribution.ts';
import {holdfast} from './holdfast.ts';
import {nullTarget} from './null.ts';
import {olareg} from './olareg.ts';
import {remote} from './remote.ts';
import type {Target} from './target.ts';

export type GivenTarget = {readonly name: string; readonly place: string};

export type Wishes = {
  /** Names of those wanted; all that can be had unless set. */
  readonly names: readonly string[] | undefined;
  readonly given: readonly GivenTarget[];
  /** Build what has to be built, which takes minutes; otherwise take what is built. */
  readonly build: boolean;
};

export const targetNames = [
  'holdfast',
  'holdfast-accounts',
  'docker-registry',
  'distribution',
  'olareg',
  'null',
] as const;
type TargetName = (typeof targetNames)[number];

const execute = promisify(execFile);
const distributionModule = 'github.com/distribution/distribution/v3';
const olaregModule = 'github.com/olareg/olareg';
const goPrograms = {
  distribution: {
    name: 'registry',
    module: distributionModule,
    version: 'v3.1.1',
    package: `${distributionModule}/cmd/registry`,
  },
  olareg: {
    name: 'olareg',
    module: olaregModule,
    version: 'v0.1.2',
    package: `${olaregModule}/cmd/olareg`,
  },
} as const satisfies Record<string, GoProgram>;

/** In the order of the tables; `left` says why others are not among them. */
export async function findTargets(
  wishes: Wishes,
): Promise<{targets: readonly Target[]; left: readonly string[]}> {
  const targets: Target[] = [];
  const left: string[] = [];
  for (const name of targetNames) {
    if (wishes.names !== undefined && !wishes.names.includes(name)) continue;
    const found = await find(name, wishes.build);
    if (typeof found === 'string') left.push(`${name}: ${found}`);
    else targets.push(found);
  }
  for (const {name, place} of wishes.given) {
    if (/^\w+:\/\//.test(place)) {
      targets.push(remote(name, place));
    } else {
      const checkout = {directory: place, name};
      targets.push(await holdfast(checkout), await holdfast({...checkout, withAccounts: true}));
    }
  }
  return {targets, left};
}

/** Or why it can't be had. */
async function find(name: TargetName, build: boolean): Promise<Target | string> {
  switch (name) {
    case 'holdfast':
      return holdfast();
    case 'holdfast-accounts':
      return holdfast({withAccounts: true});
    case 'null':
      return nullTarget;
    case 'docker-registry': {
      const program = findProgram('docker-registry');
      if (program === undefined) return howToInstall('docker-registry');
      const {stdout} = await execute(program, ['--version']);
      const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? '';
      return distribution({name, title: `${name} ${version}`, program});
    }
    case 'distribution': {
      const program = await goProgram(goPrograms.distribution, build);
      if (program.path === undefined) return program.reason;
      const title = `Distribution ${goPrograms.distribution.version.slice(1)}`;
      return distribution({name, title, program: program.path});
    }
    case 'olareg': {
      const program = await goProgram(goPrograms.olareg, build);
      if (program.path === undefined) return program.reason;
      return olareg({title: `olareg ${goPrograms.olareg.version.slice(1)}`, program: program.path});
    }
  }
}

type Found = {readonly path: string} | {readonly path: undefined; readonly reason: string};

async function goProgram(program: GoProgram, build: boolean): Promise<Found> {
  const built = await builtGoProgram(program);
  if (built !== undefined) return {path: built};
  if (!build)
    return {path: undefined, reason: 'it is not built yet; a run without --quick does it'};
  const reason = await whyNoGo();
  if (reason !== undefined) return {path: undefined, reason};
  try {
    return {path: await installGoProgram(program)};
  } catch (error) {
    return {path: undefined, reason: `it can't be built: ${String(error)}`};
  }
}
