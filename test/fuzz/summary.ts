/** What a run has found, for people. */
import type {FuzzResult} from './fuzz.ts';

export function summary({cases, statuses, failures, faults}: FuzzResult): string {
  const counts = [...statuses].sort(([one], [other]) => one - other);
  return [
    `${cases} conversations, answers: ${counts.map(([status, count]) => `${count} of ${status}`).join(', ')}`,
    ...failures.map(
      ({fault, speech: {pieces}}) =>
        `failed: ${fault}\n  ${JSON.stringify(
          Buffer.concat([...pieces])
            .toString('latin1')
            .slice(0, 1500),
        )}`,
    ),
    ...faults.slice(0, 50),
  ].join('\n');
}
