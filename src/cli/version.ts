/** `holdfast version`: what this is, and what it runs on. */
import type {Command} from 'commander';
import {version} from '../config/version.ts';
import {print} from './output.ts';
import type {Printing} from './verb.ts';

export function versionCommand(command: Command): void {
  command
    .option('--json', 'as JSON, with the version of Node and the platform')
    .action((options: Printing) => {
      const facts = {
        version: version(),
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
      };
      print(facts, options, () => `holdfast ${facts.version}`);
    });
}
