/** Reads HTTP/1.1 answers and looks at nothing but their heads; the bytes of bodies are handed on as they come. */

export type Head = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
};

type State = 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailer';

export class AnswerParser {
  readonly #onBody: (bytes: Buffer) => void;
  readonly #onEnd: (head: Head) => void;
  #state: State = 'head';
  #line = '';
  #head: Head = {status: 0, headers: new Map()};
  #left = 0;
  #withoutBody = false;

  constructor(onBody: (bytes: Buffer) => void, onEnd: (head: Head) => void) {
    this.#onBody = onBody;
    this.#onEnd = onEnd;
  }

  /** The next answer is that to a HEAD. */
  expectNoBody(none: boolean): void {
    this.#withoutBody = none;
  }

  feed(bytes: Buffer): void {
    let rest = bytes;
    while (rest.length > 0) {
      const inside = this.#state === 'body' || this.#state === 'chunk';
      rest = inside ? this.#takeBody(rest) : this.#takeText(rest);
    }
  }

  #takeBody(bytes: Buffer): Buffer {
    const piece = bytes.length <= this.#left ? bytes : bytes.subarray(0, this.#left);
    this.#left -= piece.length;
    this.#onBody(piece);
    if (this.#left === 0) {
      if (this.#state === 'body') this.#end();
      else this.#state = 'chunk-end';
    }
    return bytes.subarray(piece.length);
  }

  /** A head or a line: what ends with an empty line, or with the next end of line. */
  #takeText(bytes: Buffer): Buffer {
    const end = this.#state === 'head' ? '\r\n\r\n' : '\r\n';
    const before = this.#line.length;
    this.#line += bytes.toString('latin1', 0, Math.min(bytes.length, 65_536));
    const at = this.#line.indexOf(end, Math.max(0, before - end.length));
    if (at === -1) return bytes.subarray(this.#line.length - before);
    const text = this.#line.slice(0, at);
    this.#line = '';
    this.#takeLine(text);
    return bytes.subarray(at + end.length - before);
  }

  #takeLine(text: string): void {
    if (this.#state === 'head') {
      this.#takeHead(text);
    } else if (this.#state === 'chunk-size') {
      this.#left = parseInt(text, 16);
      this.#state = this.#left === 0 ? 'trailer' : 'chunk';
    } else if (this.#state === 'chunk-end') {
      this.#state = 'chunk-size';
    } else if (text === '') {
      this.#end();
    }
  }

  #takeHead(text: string): void {
    const [first = '', ...lines] = text.split('\r\n');
    const status = Number(first.split(' ')[1]);
    if (status === 100) return;
    const headers = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    this.#head = {status, headers};
    this.#left = Number(headers.get('content-length') ?? 0);
    const chunked = headers.get('transfer-encoding') === 'chunked';
    if (this.#withoutBody || status === 204 || (!chunked && this.#left === 0)) this.#end();
    else this.#state = chunked ? 'chunk-size' : 'body';
  }

  #end(): void {
    this.#state = 'head';
    this.#onEnd(this.#head);
  }
}
