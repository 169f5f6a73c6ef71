/** What the verbs of the administration have in common. */
import {type Command, InvalidArgumentError, Option} from 'commander';

export interface Printing {
  readonly json?: true;
}

export interface Destructive extends Printing {
  readonly yes?: true;
}

/** `create <name>` and its sentence, with --json. */
export const verb = (noun: Command, usage: string, sentence: string): Command =>
  noun.command(usage).description(sentence).option('--json', 'print JSON');

/** One that asks on a terminal. */
export const destructiveVerb = (noun: Command, usage: string, sentence: string): Command =>
  verb(noun, usage, sentence).option('--yes', 'do not ask');

/** For options that may be repeated. */
export const collect = (value: string, former: readonly string[] | undefined): string[] => [
  ...(former ?? []),
  value,
];

/** For options that are a number; commander tells which one was wrong. */
export const count =
  (most: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from 1 to ${most}.`);
  };

/** An option of which the values are words. */
export const choice = (flags: string, sentence: string, words: readonly string[]): Option =>
  new Option(flags, sentence).choices(words);
