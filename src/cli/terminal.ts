/** Questions to the person at the terminal. They go to the error output: the other one is for the answer. */
import {createInterface} from 'node:readline/promises';
import {Failure} from './failure.ts';
import {visible} from './output.ts';
import {readInput} from './standard-input.ts';

/** In bytes; more than any password that can be set. */
const longestInput = 8192;

interface PasswordOptions {
  readonly passwordStdin?: true;
}

/** A new one: from the standard input as one line, else asked twice on the terminal, unseen. */
export async function readPassword(
  {passwordStdin}: PasswordOptions,
  question: string,
): Promise<string> {
  if (passwordStdin === true) return readLine();
  requireTerminal();
  const typed = typedKeys();
  const first = await askUnseen(`${question}: `, typed);
  if ((await askUnseen('Once more: ', typed)) === first) return first;
  throw new Failure('the two passwords differ, and nothing was changed');
}

/** One that there is: from the standard input as one line, else asked once. */
export async function askPassword(
  {passwordStdin}: PasswordOptions,
  question: string,
): Promise<string> {
  if (passwordStdin === true) return readLine();
  requireTerminal();
  return askUnseen(`${question}: `, typedKeys());
}

function requireTerminal(): void {
  if (process.stdin.isTTY && process.stderr.isTTY) return;
  const message = 'there is no terminal to ask for the password: give it with --password-stdin';
  throw new Failure(message, {code: 2});
}

/** Without the line break at its end. */
async function readLine(): Promise<string> {
  const line = (await readInput('the password', longestInput)).replace(/\r?\n$/, '');
  if (/[\r\n]/.test(line)) {
    throw new Failure('the standard input has several lines, and a password is one', {code: 2});
  }
  if (line === '') throw new Failure('the standard input has no password', {code: 2});
  return line;
}

const keys = {interrupt: '\u0003', end: '\u0004', backspace: '\b', erase: '\u007F', kill: '\u0015'};

/** One for both questions: what was pasted at once may be the answer to both. */
async function* typedKeys(): AsyncGenerator<string, undefined> {
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin.iterator({destroyOnReturn: false})) yield* String(chunk);
  return undefined;
}

async function askUnseen(
  question: string,
  keysTyped: AsyncGenerator<string, undefined>,
): Promise<string> {
  const {stdin} = process;
  // First: what is typed before that would be shown.
  stdin.setRawMode(true);
  process.stderr.write(question);
  let typed: string[] = [];
  try {
    for (;;) {
      const {value: key} = await keysTyped.next();
      if (key === keys.interrupt) throw new Failure('interrupted', {code: 130});
      if (key === undefined || key === '\r' || key === '\n' || key === keys.end) {
        return typed.join('');
      }
      if (key === keys.kill) typed = [];
      else if (key === keys.erase || key === keys.backspace) typed.pop();
      else typed.push(key);
    }
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    process.stderr.write('\n');
  }
}

interface ConfirmOptions {
  readonly yes?: true;
}

/** On a terminal, whoever says no ends the command; scripts are not asked. */
export async function confirm({yes}: ConfirmOptions, question: string): Promise<void> {
  if (yes === true || !process.stdin.isTTY || !process.stderr.isTTY) return;
  const asking = createInterface({input: process.stdin, output: process.stderr});
  try {
    const answer = await asking.question(`${visible(question)} [y/N] `).catch((error: unknown) => {
      // Ctrl-C, or the end of the input.
      if (error instanceof Error && error.name === 'AbortError') return 'n';
      throw error;
    });
    if (!/^\s*y(es)?\s*$/i.test(answer)) throw new Failure('nothing was changed');
  } finally {
    asking.close();
  }
}
