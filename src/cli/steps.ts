/** The steps of a test, as they are done: a line each for people, all of them at the end for scripts. */
import {visible} from './output.ts';
import type {Printing} from './verb.ts';

export interface Step {
  readonly step: string;
  readonly isDone: boolean;
  readonly detail: string;
  /** What to change. */
  readonly advice?: string;
}

export interface Steps {
  readonly all: readonly Step[];
  readonly tell: (step: Step) => void;
  readonly done: (step: string, detail: string) => void;
  /** Somebody could not be asked. */
  readonly failed: (fault: FailedStep) => void;
}

interface FailedStep {
  readonly step: string;
  readonly url: string;
  readonly finding: string;
  readonly advice: string | undefined;
}

export function newSteps({json}: Printing): Steps {
  const all: Step[] = [];
  const tell = (step: Step): void => {
    all.push(step);
    if (json !== true) process.stdout.write(visible(lineOf(step)));
  };
  return {
    all,
    tell,
    done: (step, detail) => {
      tell({step, isDone: true, detail});
    },
    failed: ({step, url, finding, advice}) => {
      const detail = `${url}: ${finding}`;
      tell({step, isDone: false, detail, ...(advice === undefined ? {} : {advice})});
    },
  };
}

/** What fails is the last of the steps. */
export async function tellingFaults<T>(
  {failed}: Steps,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const {StepFault} = await import('../auth/providers/probe-server.ts');
    if (!(error instanceof StepFault)) throw error;
    const {step, fault} = error;
    failed({step, url: fault.url, finding: fault.finding, advice: fault.advice});
    return undefined;
  }
}

const lineOf = ({step, isDone, detail, advice}: Step): string => {
  const line = `${isDone ? 'ok    ' : 'FAILED'}  ${step.padEnd(9)}  ${detail}\n`;
  return advice === undefined ? line : `${line}${' '.repeat(19)}-> ${advice}\n`;
};
