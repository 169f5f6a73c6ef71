/** What of an input is no text that every database keeps: half a surrogate pair, and U+0000. */
import type {InputFault} from '../../auth/administration/administration-error.ts';

const isPlain = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** A fault for each field of the input in which such a text stands. */
export function unplainFields(input: unknown): readonly InputFault[] {
  if (!holdsUnplain(input)) return [];
  const message = 'must be plain text';
  if (typeof input !== 'object' || input === null) return [{message}];
  return Object.entries(input)
    .filter(([, value]) => holdsUnplain(value))
    .map(([field]) => ({field, message}));
}

function holdsUnplain(input: unknown): boolean {
  // No recursion: JSON may be nested deeper than the stack.
  const left: unknown[] = [input];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string' && !isPlain(value)) return true;
    if (typeof value === 'object' && value !== null) {
      for (const each of Object.values(value)) left.push(each);
    }
  }
  return false;
}
