/** `holdfast keys show|rotate`: the keys that sign tokens. */
import type {Command} from 'commander';
import {rotateKeys, showKeys} from '../auth/administration/keys.ts';
import {administer} from './administration.ts';
import {moment, print, table} from './output.ts';
import {confirm} from './terminal.ts';
import {type Destructive, type Printing, destructiveVerb, verb} from './verb.ts';

const examples = `
Examples:
  holdfast keys show
  holdfast keys show --certificate > rootcertbundle.pem     for other registries that use this realm
  holdfast keys rotate                                      what was issued before counts on
  holdfast keys rotate --distrust                           somebody may have the key: clients get new tokens
`;

type Keys = Awaited<ReturnType<typeof ask>>['keys'];

const ask = (command: Command) => administer(command, showKeys, {});

const toTable = (keys: Keys): string =>
  table(
    ['STATE', 'ALGORITHM', 'SINCE', 'UNTIL', 'KEY ID'],
    keys.map((key) => [
      key.state === 'signing' ? `signing (${key.source})` : key.state,
      key.algorithm,
      moment(key.since),
      moment(key.state === 'signing' ? key.certificateExpiresAt : key.until),
      key.kid,
    ]),
  );

async function show(
  options: Printing & {readonly certificate?: true},
  command: Command,
): Promise<void> {
  const answer = await ask(command);
  const [signing] = answer.keys;
  print(answer, options, () =>
    options.certificate === true && signing?.state === 'signing'
      ? signing.certificates.trimEnd()
      : toTable(answer.keys),
  );
}

async function rotate(
  options: Destructive & {readonly distrust?: true},
  command: Command,
): Promise<void> {
  const trustFormer = options.distrust !== true;
  if (!trustFormer) await confirm(options, 'End all tokens that were signed until now?');
  const answer = await administer(command, rotateKeys, {trustFormer});
  print(answer, options, () => toTable(answer.keys));
}

export function keysCommand(keys: Command): void {
  verb(keys, 'show', 'show the keys whose tokens count')
    .option('--certificate', 'print the certificates of the key that signs, as PEM')
    .action(show);
  destructiveVerb(keys, 'rotate', 'sign with a new key from now on')
    .option('--distrust', 'what the former key has signed counts no more')
    .action(rotate);
  keys.addHelpText('after', examples);
}
