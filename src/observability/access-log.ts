/** The log of requests that has a stream of its own. */
import {resolve} from 'node:path';
import {ConfigError} from '../config/fault.ts';
import type {Config} from '../config/schema.ts';
import {codeOrThrow} from '../host/error-code.ts';
import {LineFile} from '../host/line-file.ts';
import {type AccessEntry, combinedLine, jsonLine} from './access-line.ts';
import {errorText} from './error-text.ts';
import type {Log} from './log.ts';
import type {LostLines} from './lost-lines.ts';
import {Repeated} from './repeated.ts';
import type {StandardOutput} from './standard-output.ts';

export interface AccessLog {
  /** Never waits. */
  readonly write: (entry: AccessEntry) => void;
  /** Its file is opened again: it was put away. */
  readonly reopen: () => void;
  readonly close: () => Promise<void>;
}

interface AccessLogOptions {
  readonly config: Pick<Config, 'log'>;
  /** What its path is relative to. */
  readonly root: string;
  readonly output: StandardOutput;
  readonly lostLines: LostLines;
  readonly log: Log;
}

const onStandardOutput = '-';

/** `undefined`: there is none. Rejects with a ConfigError where it can't be opened. */
export async function openAccessLog({
  config,
  root,
  output,
  lostLines,
  log,
}: AccessLogOptions): Promise<AccessLog | undefined> {
  const {file, format} = config.log.access;
  if (file === undefined) return undefined;
  const toLine = format === 'json' ? jsonLine : combinedLine;
  if (file === onStandardOutput) {
    return {
      write: (entry) => {
        output.write(toLine(entry), 'access');
      },
      reopen: () => undefined,
      close: async () => Promise.resolve(),
    };
  }
  const path = resolve(root, file);
  const repeated = new Repeated();
  const lines = new LineFile({
    path,
    onLost: () => {
      lostLines.note('access');
    },
    onFailure: (error) => {
      const finding = errorText(error);
      const times = repeated.tell(finding);
      if (times) log.error({file: path, finding, ...times}, 'the access log can not be written');
    },
    onGap: (lost) => {
      log.warn({file: path, lines: lost}, 'lines are missing in the access log');
    },
  });
  try {
    await lines.open();
  } catch (error) {
    const message = `${path} can't be opened for writing (${codeOrThrow(error)})`;
    throw new ConfigError([{path: 'log.access.file', message}], {cause: error});
  }
  return {
    write: (entry) => {
      lines.write(toLine(entry));
    },
    reopen: () => {
      lines.reopen();
    },
    close: async () => lines.close(),
  };
}
