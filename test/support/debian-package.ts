/** The Debian package, built as `npm run package:deb` does it, but for the hard work of packing it tightly. */
import {join} from 'node:path';
import {run} from './command.ts';
import {projectRoot} from './project-root.ts';

/** Answers with the path of the file. */
export async function buildPackage(output: string, version: string): Promise<string> {
  const script = join(projectRoot, 'deploy/debian/build.js');
  const words = ['--compression', 'none', '--output', output, '--version', version];
  const env = {SOURCE_DATE_EPOCH: '1700000000'};
  return (await run(process.execPath, [script, ...words], {env})).stdout.trim();
}
