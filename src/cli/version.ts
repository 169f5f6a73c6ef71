/** `holdfast version`: what this is, and what it runs on. */
import type {Command} from 'commander';
import {version} from '../config/version.ts';

export function versionCommand(command: Command): void {
  command
    .option('--json', 'as JSON, with the version of Node and the platform')
    .action(({json}: {json?: true}) => {
      const facts = {
        version: version(),
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
      };
      console.log(json ? JSON.stringify(facts) : `holdfast ${facts.version}`);
    });
}
