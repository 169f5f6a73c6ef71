/** JSON from strangers: two readers of it must never see two different things. */

/** The text is not JSON, or not JSON that has one meaning; the message says what and where. */
export class StrictJsonError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StrictJsonError';
  }
}

const deepest = 64;

/**
 * Parses UTF-8 JSON without a byte order mark, nested at most 64 deep, with no key twice in one object (the second would win
 * here and the first elsewhere). Throws StrictJsonError.
 */
export function parseStrictJson(content: Uint8Array): unknown {
  const text = decode(content);
  try {
    checkStructure(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new StrictJsonError(`not JSON: ${error.message}`);
    throw error;
  }
}

function decode(content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(content);
  } catch (error) {
    if (error instanceof TypeError) throw new StrictJsonError('not JSON: the text is not UTF-8');
    throw error;
  }
}

/** Looks at brackets and keys alone; whether the rest is JSON is for JSON.parse to judge. */
function checkStructure(text: string): void {
  /** The keys of each object that is open, and nothing for a list. */
  const open: (Set<string> | undefined)[] = [];
  /** The string before, as long as it may be a key. */
  let latest: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '"': {
        const end = stringEnd(text, at);
        latest = text.slice(at, end);
        at = end - 1;
        break;
      }
      case ':':
        addKey(open.at(-1), latest);
        latest = undefined;
        break;
      case '{':
      case '[':
        open.push(text[at] === '{' ? new Set() : undefined);
        latest = undefined;
        if (open.length > deepest) throw new StrictJsonError(`nested more than ${deepest} deep`);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      default:
    }
  }
}

function addKey(keys: Set<string> | undefined, literal: string | undefined): void {
  if (keys === undefined || literal === undefined) {
    throw new StrictJsonError('not JSON: a colon that follows no key');
  }
  const key = literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
  if (keys.has(key)) {
    throw new StrictJsonError(`the key ${JSON.stringify(key.slice(0, 100))} stands twice`);
  }
  keys.add(key);
}

/** Just behind the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote === -1) return text.length + 1;
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}
