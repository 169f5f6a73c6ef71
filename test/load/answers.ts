/** Answers read as strictly as a proxy would: whatever is not HTTP/1.1 to the letter is told. */

export interface StrictAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

export class MalformedAnswer extends Error {}

interface Parsed {
  readonly answer: StrictAnswer;
  readonly rest: Buffer;
}

/** The first answer in the bytes, to a request of this method; `undefined`: it is not whole yet. */
export function parseAnswer(bytes: Buffer, method: string, isClosed: boolean): Parsed | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.1 ([1-5]\d\d) [ -~]*$/.exec(statusLine)?.[1]);
  if (Number.isNaN(status)) throw new MalformedAnswer(`status line ${JSON.stringify(statusLine)}`);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~\w-]+): ?([\t -~\x80-\xff]*)$/.exec(line) ?? [];
    if (name === undefined) throw new MalformedAnswer(`header ${JSON.stringify(line)}`);
    const key = name.toLowerCase();
    if (headers.has(key) && key !== 'oci-tag') throw new MalformedAnswer(`${name} stands twice`);
    headers.set(key, value);
  }
  const after = bytes.subarray(end + 4);
  const isEmpty = method === 'HEAD' || status < 200 || status === 204 || status === 304;
  if (isEmpty) return {answer: {status, headers, body: Buffer.alloc(0)}, rest: after};
  const length = headers.get('content-length');
  if (headers.has('transfer-encoding')) throw new MalformedAnswer('an answer in chunks');
  if (length === undefined || !/^\d+$/.test(length)) {
    throw new MalformedAnswer(`an answer of length ${length ?? 'unknown'}`);
  }
  const size = Number(length);
  if (after.length < size) {
    if (isClosed && status >= 400) throw new MalformedAnswer('an answer that is cut off');
    return undefined;
  }
  return {answer: {status, headers, body: after.subarray(0, size)}, rest: after.subarray(size)};
}
