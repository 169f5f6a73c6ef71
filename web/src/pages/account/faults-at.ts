/** Where in a form the registry has found something. */
import {Problem} from '../../api/problem.ts';

export interface FaultsAt {
  readonly at: (field: string) => string | undefined;
  /** Whether that is the code of the whole. */
  readonly isOf: (code: string) => boolean;
}

export function faultsAt(error: unknown): FaultsAt {
  const problem = error instanceof Problem ? error : undefined;
  const byField = problem?.byField() ?? {};
  // Of a list the registry names the entry: `namespaces.0`.
  const at = (field: string): string | undefined =>
    Object.entries(byField).find(([name]) => name === field || name.startsWith(`${field}.`))?.[1];
  return {at, isOf: (code) => problem?.code === code};
}
