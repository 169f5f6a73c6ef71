/** Runs the benchmark as `npm run bench` does once all is built. */
import {join} from 'node:path';
import {run, type CommandResult} from '../support/command.ts';
import {projectRoot} from '../support/project-root.ts';

export function bench(...words: readonly string[]): Promise<CommandResult> {
  return run(process.execPath, [join(projectRoot, 'bench/run.ts'), ...words], {
    cwd: projectRoot,
    timeout: 120_000,
    allowFailure: true,
  });
}
