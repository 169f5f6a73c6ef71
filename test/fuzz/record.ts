/** Failures as lines of JSON: the bytes exactly as they were sent. */
import type {Failure} from './fuzz.ts';

export function recorded({fault, speech}: Failure): string {
  const pieces = speech.pieces.map((piece) => piece.toString('base64'));
  return `${JSON.stringify({fault, speech: {...speech, pieces}})}\n`;
}

export function replayable(line: string): Failure {
  const {fault, speech} = JSON.parse(line) as {
    fault: string;
    speech: Omit<Failure['speech'], 'pieces'> & {pieces: readonly string[]};
  };
  return {
    fault,
    speech: {...speech, pieces: speech.pieces.map((piece) => Buffer.from(piece, 'base64'))},
  };
}
