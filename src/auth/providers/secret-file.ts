/** A secret that lies in a file of its own. */
import {ConfigError} from '../../config/fault.ts';
import {readText} from '../../config/file.ts';

/** Throws a ConfigError about the setting where it can't be read, or says nothing. */
export function readSecretFile(setting: string, path: string): string {
  const refuse = (why: string): never => {
    throw new ConfigError([{path: setting, message: `${path} ${why}`}]);
  };
  const read = readText(path) ?? {failure: 'does not exist'};
  if ('failure' in read) return refuse(read.failure);
  // Editors and echo end a file with a newline that is no part of the secret.
  const text = read.text.replace(/\r?\n$/, '');
  return text === '' ? refuse('is empty') : text;
}
