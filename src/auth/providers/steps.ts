/** The steps of a test of a provider, as they are done. */
import {StepFault} from './probe-server.ts';

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

/** Whoever wants to hear of each at once does. */
export function newSteps(onStep: (step: Step) => void = () => undefined): Steps {
  const all: Step[] = [];
  const tell = (step: Step): void => {
    all.push(step);
    onStep(step);
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

export const areDone = ({all}: Steps): boolean => all.every(({isDone}) => isDone);

/** What fails is the last of the steps. */
export async function tellingFaults<T>(
  {failed}: Steps,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StepFault)) throw error;
    const {step, fault} = error;
    failed({step, url: fault.url, finding: fault.finding, advice: fault.advice});
    return undefined;
  }
}
