/** Declares tests that need programs from outside: with them they run, without them they say so. */
import test, {type ExecutionContext} from 'ava';
import {missingPrograms, type ProgramName} from './programs.ts';

type Implementation = (t: ExecutionContext) => Promise<void> | void;

/** Where this is set (.ci/run sets it), a missing program is a failure and no test is skipped. */
const noSkip = process.env['TESTS_NO_SKIP'] === '1';

/**
 * A test that runs where all `programs` are installed. Where one is missing it is skipped, with the
 * reason in its title. The tests of a file run one after the other: they start whole daemons.
 */
export function testWith(
  programs: readonly ProgramName[],
  title: string,
  implementation: Implementation,
): void {
  testUnless(missingPrograms(programs), title, implementation);
}

/** For what only root can do: give files away, and be another user. */
export const unlessRoot: readonly string[] =
  process.getuid?.() === 0 ? [] : ['these tests do not run as root'];

/** The same, for reasons found elsewhere: no reason, and the test runs. */
export function testUnless(
  reasons: readonly string[],
  title: string,
  implementation: Implementation,
): void {
  if (reasons.length === 0) {
    test.serial(title, implementation);
  } else if (noSkip) {
    test.serial(title, (t) => {
      t.fail(reasons.join('; '));
    });
  } else {
    test.serial.skip(`${title} [skipped: ${reasons.join('; ')}]`, implementation);
  }
}
