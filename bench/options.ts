/** The command line of `npm run bench`. */
import {Command, InvalidArgumentError, Option} from 'commander';
import {type GivenTarget, targetNames} from './targets/catalogue.ts';

export type Options = {
  readonly quick: boolean;
  readonly only: readonly RegExp[];
  readonly rounds: number | undefined;
  readonly targets: readonly string[] | undefined;
  readonly given: readonly GivenTarget[];
  readonly json: string | undefined;
  readonly write: boolean;
  readonly render: string | undefined;
  readonly list: boolean;
  readonly directory: string | undefined;
};

type Parsed = Omit<Options, 'given'> & {readonly target: readonly GivenTarget[]};

const examples = `
Examples:
  npm run bench -- --quick
  npm run bench -- --only push/1x --targets holdfast,docker-registry --rounds 7
  npm run bench -- --only manifest --target before=/srv/checkout-of-yesterday
  npm run bench -- --write`;

/** Prints what is wrong and ends the process, with 2, where the words make no sense; with 0 for --help. */
export function parseOptions(words: readonly string[]): Options {
  const command = new Command('npm run bench --')
    .description('Measures Holdfast and other registries side by side.')
    .addOption(new Option('--quick', 'small sizes, one round, under two minutes').default(false))
    .option('--only <pattern>', 'measure what this matches only; may be repeated', toPatterns, [])
    .option('--rounds <n>', 'counted rounds of each measurement', toRounds)
    .option('--targets <list>', `which registries, of ${targetNames.join(',')}`, toList)
    .option(
      '--target <name=place>',
      'one more registry: a URL where it runs, or the directory of a built Holdfast; may be repeated',
      toTargets,
      [],
    )
    .option('--json <file>', 'write all samples there')
    .addOption(
      new Option('--write', 'write bench/results.json, RESULTS.md and results.svg').default(false),
    )
    .option('--render <file>', 'measure nothing: show the results that this file holds')
    .addOption(new Option('--list', 'name the measurements and the registries').default(false))
    .option('--directory <dir>', 'where the registries keep their content meanwhile')
    .addHelpText('after', examples)
    .allowExcessArguments(false)
    .exitOverride(({exitCode}) => process.exit(exitCode === 0 ? 0 : 2));
  const {target, ...rest} = command.parse(words, {from: 'user'}).opts<Parsed>();
  return {...rest, given: target};
}

function toPatterns(text: string, before: readonly RegExp[]): readonly RegExp[] {
  try {
    return [...before, new RegExp(text)];
  } catch (error) {
    throw new InvalidArgumentError(String(error));
  }
}

function toRounds(text: string): number {
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 999.');
}

function toList(text: string): readonly string[] {
  const names = text.split(',');
  const unknown = names.find((name) => !targetNames.some((known) => known === name));
  if (unknown === undefined) return names;
  throw new InvalidArgumentError(`There is no '${unknown}'.`);
}

function toTargets(text: string, before: readonly GivenTarget[]): readonly GivenTarget[] {
  const [, name, place] = /^([a-z0-9][a-z0-9.-]*)=(.+)$/.exec(text) ?? [];
  if (name === undefined || place === undefined) {
    throw new InvalidArgumentError('It must be NAME=URL or NAME=DIRECTORY.');
  }
  return [...before, {name, place}];
}
