/** `holdfast version`: what this is, and what it runs on. */
import {readFileSync} from 'node:fs';
import {findPackageJSON} from 'node:module';
import {Command} from 'commander';
import {z} from 'zod';

/** The version in package.json, which lies two levels above the sources and three above the build. */
export function version(): string {
  const path = findPackageJSON(import.meta.url);
  if (path === undefined) throw new Error(`there is no package.json above ${import.meta.filename}`);
  return z.object({version: z.string()}).parse(JSON.parse(readFileSync(path, 'utf8'))).version;
}

export const versionCommand = (): Command =>
  new Command('version')
    .description('tell the version')
    .option('--json', 'as JSON, with the version of Node and the platform')
    .action(({json}: {json?: true}) => {
      const facts = {
        version: version(),
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
      };
      console.log(json ? JSON.stringify(facts) : `holdfast ${facts.version}`);
    });
