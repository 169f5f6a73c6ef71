/** On what machine figures were measured: without it they say nothing. */
import {execFile} from 'node:child_process';
import {readFile, statfs} from 'node:fs/promises';
import {cpus, release, totalmem} from 'node:os';
import {promisify} from 'node:util';

const execute = promisify(execFile);

/** In the order of the report. */
export async function describeMachine(directory: string): Promise<Record<string, string>> {
  const {bsize, blocks} = await statfs(directory);
  const fileSystem = await execute('findmnt', ['-n', '-o', 'FSTYPE,OPTIONS', '-T', directory]).then(
    ({stdout}) => stdout.trim().split(/\s+/).join(', '),
    () => 'unknown',
  );
  const osRelease = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return {
    Processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${cpus().length} cores`,
    Memory: gibibytes(totalmem()),
    System: `${/^PRETTY_NAME="(.*)"$/m.exec(osRelease)?.[1] ?? 'unknown'}, Linux ${release().split('-')[0] ?? ''}`,
    'File system': `${fileSystem}; ${gibibytes(bsize * blocks)}`,
    Node: process.versions.node,
  };
}

function gibibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 30)} GiB`;
}
