/** The system calls of the driver, of which any can be made to fail. */
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';

export type Call = Exclude<keyof System, 'readShort'>;

/** A new call of the driver's is one of these by itself. */
export const calls = Object.keys(realSystem) as readonly Call[];

export interface Fault {
  readonly call: Call;
  /** The errno name. */
  readonly code: string;
  /** Which of the calls fails, counted from 1; all of them unless set. */
  readonly nth?: number;
  /** The call does its work all the same: a network file system that lost the answer. */
  readonly done?: boolean;
}

export interface FaultySystem {
  readonly system: System;
  /** From now on; answers how often it has struck. */
  readonly arm: (fault: Fault) => () => number;
  /** Ends what was armed. */
  readonly disarm: () => void;
  /** How often each call was made since the last `arm` or `disarm`. */
  readonly count: (call: Call) => number;
  /** The same, until the fault first struck. */
  readonly countBefore: (call: Call) => number;
}

export function faultySystem(base: System = realSystem): FaultySystem {
  const counts = new Map<Call, number>();
  let armed: Fault | undefined;
  let strikes = 0;
  let before = new Map<Call, number>();
  const system = Object.fromEntries(
    Object.entries(base).map(([name, real]) => {
      const call = name as Call;
      const perform = real as (...args: readonly unknown[]) => Promise<unknown>;
      return [
        call,
        async (...args: readonly unknown[]) => {
          const count = (counts.get(call) ?? 0) + 1;
          counts.set(call, count);
          if (armed?.call !== call || (armed.nth ?? count) !== count) return perform(...args);
          if (strikes === 0) before = new Map(counts);
          strikes += 1;
          const error = Object.assign(new Error(`${armed.code}: injected, ${call}`), {
            code: armed.code,
          });
          // A descriptor is free after its close, whatever that has answered.
          if (armed.done === true || call === 'close') await perform(...args);
          throw error;
        },
      ];
    }),
  ) as unknown as System;
  const reset = (): void => {
    counts.clear();
    armed = undefined;
    strikes = 0;
    before = new Map();
  };
  return {
    system,
    arm: (fault) => {
      reset();
      armed = fault;
      return () => strikes;
    },
    disarm: reset,
    count: (call) => counts.get(call) ?? 0,
    countBefore: (call) => before.get(call) ?? 0,
  };
}
