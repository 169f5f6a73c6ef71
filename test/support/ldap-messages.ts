/** LDAP as a directory writes it, so much as tests need: messages of less than 64 KiB, with ids of one byte. */
const tags = {integer: 0x02, text: 0x04, code: 0x0a, sequence: 0x30, set: 0x31} as const;

export const operations = {
  bind: 0x60,
  bound: 0x61,
  unbind: 0x42,
  search: 0x63,
  entry: 0x64,
  found: 0x65,
  extended: 0x78,
} as const;

function ber(tag: number, ...parts: readonly (Buffer | string | number)[]): Buffer {
  const body = Buffer.concat(
    parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part))),
  );
  return Buffer.concat([Buffer.from([tag, 0x82, body.length >> 8, body.length & 0xff]), body]);
}

const message = (id: number, operation: number, ...parts: readonly Buffer[]): Buffer =>
  ber(tags.sequence, ber(tags.integer, id), ber(operation, ...parts));

export const result = (id: number, operation: number, code = 0, text = ''): Buffer =>
  message(id, operation, ber(tags.code, code), ber(tags.text), ber(tags.text, text));

/** The last attribute is the last thing in it. */
export const entry = (
  id: number,
  dn: string,
  attributes: Readonly<Record<string, readonly (Buffer | string)[]>>,
): Buffer =>
  message(
    id,
    operations.entry,
    ber(tags.text, dn),
    ber(
      tags.sequence,
      ...Object.entries(attributes).map(([name, values]) =>
        ber(
          tags.sequence,
          ber(tags.text, name),
          ber(tags.set, ...values.map((each) => ber(tags.text, each))),
        ),
      ),
    ),
  );

interface Part {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

function partAt(buffer: Buffer, at: number): Part {
  const first = buffer[at + 1] ?? 0;
  const bytes = first < 0x80 ? 0 : first - 0x80;
  const length = bytes === 0 ? first : buffer.readUIntBE(at + 2, bytes);
  const start = at + 2 + bytes;
  return {tag: buffer[at] ?? 0, start, end: start + length};
}

export interface Request {
  readonly id: number;
  readonly operation: number;
  /** Whom a bind is about, or below which a search looks. */
  readonly dn: string;
  readonly bytes: Buffer;
}

/** One message, whole. */
export function requestOf(bytes: Buffer): Request {
  const id = partAt(bytes, partAt(bytes, 0).start);
  const operation = partAt(bytes, id.end);
  const first = partAt(bytes, operation.start);
  // Before it a bind has the version.
  const named = operation.tag === operations.bind ? partAt(bytes, first.end) : first;
  return {
    id: bytes[id.start] ?? 0,
    operation: operation.tag,
    dn: bytes.subarray(named.start, named.end).toString(),
    bytes,
  };
}
