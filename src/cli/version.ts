/** `holdfast version`: what this is, and what it runs on. */
import {Command} from 'commander';
import {version} from '../config/version.ts';
import {print} from './output.ts';
import type {Printing} from './verb.ts';

export const versionCommand = (): Command =>
  new Command('version')
    .description('tell the version')
    .option('--json', 'as JSON, with the version of Node and the platform')
    .action((options: Printing) => {
      const facts = {
        version: version(),
        node: process.version,
        platform: `${process.platform}-${process.arch}`,
      };
      print(facts, options, () => `holdfast ${facts.version}`);
    });
