/** What the recorder has written down: each call that changed a file or a directory, in the order of the calls. */

type Call =
  | {readonly what: 'began'}
  | {
      readonly what: 'opened';
      readonly fd: number;
      readonly path: string;
      readonly mode: number;
      readonly isEmptied: boolean;
    }
  | {readonly what: 'closed'; readonly fd: number}
  | {readonly what: 'written'; readonly fd: number; readonly at: number; readonly bytes: Buffer}
  | {readonly what: 'truncated'; readonly fd: number; readonly path: string; readonly size: number}
  | {readonly what: 'sync begun' | 'sync ended'; readonly fd: number; readonly sync: number}
  | {readonly what: 'linked' | 'renamed'; readonly path: string; readonly to: string}
  | {readonly what: 'unlinked' | 'removed'; readonly path: string}
  | {readonly what: 'made'; readonly path: string; readonly mode: number}
  | {readonly what: 'mode set'; readonly fd: number; readonly path: string; readonly mode: number};

/** `end`: how long the record was when it was written. */
export type Recorded = Call & {readonly end: number};

const headLength = 29;
const truncating = 0o1000;

/** Throws where the record is not of this form. */
export function readRecord(log: Buffer): readonly Recorded[] {
  const found: Recorded[] = [];
  let at = 0;
  while (at < log.length) {
    const end = at + 4 + log.readUInt32LE(at);
    found.push({...readCall(log.subarray(at, end)), end});
    at = end;
  }
  return found;
}

function readCall(part: Buffer): Call {
  const kind = part.readUInt8(4);
  const fd = part.readInt32LE(5);
  const one = Number(part.readBigInt64LE(9));
  const two = Number(part.readBigInt64LE(17));
  const pathEnd = headLength + part.readUInt16LE(25);
  const toEnd = pathEnd + part.readUInt16LE(27);
  const path = part.toString('utf8', headLength, pathEnd);
  const to = part.toString('utf8', pathEnd, toEnd);
  switch (kind) {
    case 1:
      return {what: 'opened', fd, path, mode: two, isEmptied: (one & truncating) !== 0};
    case 2:
      return {what: 'closed', fd};
    case 3:
      return {what: 'written', fd, at: one, bytes: part.subarray(toEnd)};
    case 4:
      return {what: 'truncated', fd, path, size: one};
    case 5:
      return {what: 'sync begun', fd, sync: one};
    case 6:
      return {what: 'sync ended', fd, sync: one};
    case 7:
      return {what: 'linked', path, to};
    case 8:
      return {what: 'renamed', path, to};
    case 9:
      return {what: 'unlinked', path};
    case 10:
      return {what: 'made', path, mode: one};
    case 11:
      return {what: 'removed', path};
    case 12:
      return {what: 'mode set', fd, path, mode: one};
    case 13:
      return {what: 'began'};
    default:
      throw new Error(`the record has a call of kind ${kind}`);
  }
}
