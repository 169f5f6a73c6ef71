import test from 'ava';
import {type Authorization, parseAuthorization} from '../../src/http/basic.ts';

const encoded = (text: string): string => Buffer.from(text).toString('base64');

const headers: Readonly<Record<string, Authorization>> = {
  '': {kind: 'none'},
  'Bearer a.b.c': {kind: 'bearer', token: 'a.b.c'},
  'bEARER   a.b.c': {kind: 'bearer', token: 'a.b.c'},
  Bearer: {kind: 'malformed'},
  'Bearer ': {kind: 'malformed'},
  'Bearer a.b.c d': {kind: 'malformed'},
  'Bearer realm="x", a.b.c': {kind: 'malformed'},
  'Bearera.b.c': {kind: 'malformed'},
  ' Bearer a.b.c': {kind: 'malformed'},
  'Digest username="anna"': {kind: 'malformed'},
  [`Basic ${encoded('anna:pass:word')}`]: {kind: 'basic', username: 'anna', password: 'pass:word'},
  [`BASIC ${encoded('anna:')}`]: {kind: 'basic', username: 'anna', password: ''},
  [`Basic ${encoded('anna')}`]: {kind: 'malformed'},
  [`Basic ${encoded('anna:pass')} x`]: {kind: 'malformed'},
  'Basic YW5uYT\tpwYXNz': {kind: 'malformed'},
  'Basic /zp4': {kind: 'malformed'},
};

for (const [header, expected] of Object.entries(headers)) {
  test(`the header ${JSON.stringify(header)} is ${expected.kind}`, (t) => {
    t.deepEqual(parseAuthorization(header), expected);
  });
}
