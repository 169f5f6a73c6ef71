/** The steps of a test, as they are done: a line each for people, all of them at the end for scripts. */
import {newSteps, type Step, type Steps} from '../auth/providers/steps.ts';
import {visible} from './output.ts';
import type {Printing} from './verb.ts';

export const printedSteps = ({json}: Printing): Steps =>
  newSteps((step) => {
    if (json !== true) process.stdout.write(visible(lineOf(step)));
  });

const lineOf = ({step, isDone, detail, advice}: Step): string => {
  const line = `${isDone ? 'ok    ' : 'FAILED'}  ${step.padEnd(9)}  ${detail}\n`;
  return advice === undefined ? line : `${line}${' '.repeat(19)}-> ${advice}\n`;
};
