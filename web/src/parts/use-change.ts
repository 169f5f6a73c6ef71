/** Something that is changed: what is asked for again after it, and what is told, or said below the fields of its form. */
import {type QueryKey, useMutation, useQueryClient} from '@tanstack/react-query';
import {Problem} from '../api/problem.ts';
import {tell} from './tell.ts';

export interface Change<Input, Result> {
  readonly start: (input: Input) => void;
  /** For whoever says himself what went wrong, as a dialog. */
  readonly finish: (input: Input) => Promise<Result>;
  readonly isPending: boolean;
  readonly error: unknown;
  /** By the fields of the API: what is wrong with them. */
  readonly faults: Readonly<Record<string, string>>;
  /** As if nothing had been tried. */
  readonly reset: () => void;
}

export function useChange<Input, Result>({
  change,
  changes,
  done,
  onDone,
  tellsProblem = false,
}: {
  readonly change: (input: Input) => Promise<Result>;
  /** What is asked for again. */
  readonly changes: readonly QueryKey[];
  /** What is told then. */
  readonly done?: (result: Result, input: Input) => string;
  readonly onDone?: (result: Result, input: Input) => void;
  /** In the corner: where there is no form above which it could stand. */
  readonly tellsProblem?: boolean;
}): Change<Input, Result> {
  const queryClient = useQueryClient();
  const {mutate, mutateAsync, isPending, error, reset} = useMutation({
    mutationFn: change,
    onSuccess: async (result, input) => {
      if (done) tell.done(done(result, input));
      onDone?.(result, input);
      await Promise.all(changes.map(async (queryKey) => queryClient.invalidateQueries({queryKey})));
    },
    // It may be a token: nothing keeps it behind whoever has shown it.
    gcTime: 0,
    onError: (problem) => {
      if (tellsProblem) tell.problem(problem);
    },
  });
  return {
    start: (input) => {
      mutate(input);
    },
    finish: mutateAsync,
    isPending,
    error,
    faults: error instanceof Problem ? error.byField() : {},
    reset,
  };
}
