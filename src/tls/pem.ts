/** The blocks of a PEM file. */
export interface PemBlock {
  /** `CERTIFICATE`, `EC PRIVATE KEY` ... */
  readonly label: string;
  readonly text: string;
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----[^]*?-----END \1-----/g;

/** All blocks in the order of the file; what stands between them is left out, as OpenSSL does. */
export const pemBlocks = (text: string): PemBlock[] =>
  [...text.matchAll(block)].map(([found, label = '']) => ({label, text: `${found}\n`}));
