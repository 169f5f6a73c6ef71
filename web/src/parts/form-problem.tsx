/** What a form could not do, but for what stands below its fields. */
import {Problem} from '../api/problem.ts';
import {ProblemAlert} from './problem-alert.tsx';

export function FormProblem({
  error,
  fields,
}: {
  readonly error: unknown;
  /** Those that the form has, as the API calls them. */
  readonly fields: readonly string[];
}) {
  if (error === null || error === undefined) return null;
  const isBelow =
    error instanceof Problem &&
    error.faults.length > 0 &&
    error.faults.every(
      ({field}) => field !== undefined && fields.includes(field.split('.')[0] ?? field),
    );
  return isBelow ? null : <ProblemAlert error={error} />;
}
