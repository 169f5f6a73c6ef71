/** Makes certificates; touches no file. Imported where one is made: what it stands on is the most that a start would load. */
import 'reflect-metadata';
import {X509Certificate, createPublicKey, randomBytes} from 'node:crypto';
import type {KeyObject} from 'node:crypto';
import {isIP} from 'node:net';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PublicKey,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  X509Certificate as ReadableCertificate,
} from '@peculiar/x509';
import type {Extension, Name} from '@peculiar/x509';
import {CertificateError} from './certificate-error.ts';
import {authorityLifetime} from './layout.ts';
import {backdating, endOfNew, startOfNew, wholeSecond} from './term.ts';

/** RFC 5280's upper bound of a common name. */
const longestCommonName = 64;
const curves: Readonly<Record<string, string>> = {
  prime256v1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
};

function algorithmOf(key: KeyObject): {readonly name: string; readonly namedCurve?: string} {
  if (key.asymmetricKeyType === 'rsa') return {name: 'RSASSA-PKCS1-v1_5'};
  if (key.asymmetricKeyType === 'ed25519') return {name: 'Ed25519'};
  const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (key.asymmetricKeyType === 'ec' && namedCurve !== undefined)
    return {name: 'ECDSA', namedCurve};
  throw new CertificateError(
    'authority',
    'ca.key is neither EC (P-256, P-384, P-521) nor RSA nor Ed25519',
  );
}

interface Certificate {
  readonly subject: string | Name;
  readonly issuer: string | Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
  readonly extensions: readonly Extension[];
}

/** A positive serial number of 16 bytes, 126 of its bits random. */
const serialNumber = (): string => {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
};
const spki = (key: KeyObject): PublicKey =>
  new PublicKey(key.export({type: 'spki', format: 'der'}));
const commonName = (name: string): string =>
  `CN=${name.slice(0, longestCommonName).replace(/[^A-Za-z0-9 ._*-]/g, '-')}`;

async function sign(wanted: Certificate): Promise<X509Certificate> {
  const algorithm = algorithmOf(wanted.signingKey);
  const hash = 'SHA-256';
  const made = await X509CertificateGenerator.create({
    ...wanted,
    extensions: [...wanted.extensions],
    serialNumber: serialNumber(),
    publicKey: spki(wanted.publicKey),
    signingKey: wanted.signingKey.toCryptoKey({...algorithm, hash}, false, ['sign']),
    signingAlgorithm: {...algorithm, hash},
  });
  return new X509Certificate(Buffer.from(made.rawData));
}

/** The self-signed certificate of a local CA whose key is `key`. */
export async function issueAuthority(
  key: KeyObject,
  host: string,
  now: Date,
): Promise<X509Certificate> {
  const publicKey = createPublicKey(key);
  const name = commonName(`Holdfast local CA ${host}`);
  return sign({
    subject: name,
    issuer: name,
    notBefore: wholeSecond(now.getTime() - backdating),
    notAfter: wholeSecond(now.getTime() + authorityLifetime),
    publicKey,
    signingKey: key,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(spki(publicKey)),
      await AuthorityKeyIdentifierExtension.create(spki(publicKey)),
    ],
  });
}

/** A new server certificate for `publicKey`, signed by the CA. The first of `names` that is no loopback name is its CN. */
export async function issueServer(
  authority: {readonly certificate: X509Certificate; readonly key: KeyObject},
  publicKey: KeyObject,
  names: readonly string[],
  now: Date,
): Promise<X509Certificate> {
  const issuer = new ReadableCertificate(authority.certificate.raw);
  const issuerKeyId = issuer.getExtension(SubjectKeyIdentifierExtension)?.keyId;
  const host = names.find((name) => isIP(name) === 0 && name !== 'localhost') ?? 'localhost';
  return sign({
    subject: commonName(host),
    // Taken as it is encoded there: the two names must be equal byte by byte.
    issuer: issuer.subjectName,
    notBefore: startOfNew(authority.certificate, now),
    notAfter: endOfNew(authority.certificate, now),
    publicKey,
    signingKey: authority.key,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({type: isIP(value) === 0 ? 'dns' : 'ip', value})),
      ),
      await SubjectKeyIdentifierExtension.create(spki(publicKey)),
      issuerKeyId === undefined
        ? await AuthorityKeyIdentifierExtension.create(issuer.publicKey)
        : new AuthorityKeyIdentifierExtension(issuerKeyId),
    ],
  });
}

/** A certificate of nobody but its own key, for what is told by the key alone: as long as a CA lasts, so that it seldom needs a hand. */
export async function issueSelfSigned(
  key: KeyObject,
  name: string,
  now: Date,
): Promise<X509Certificate> {
  const publicKey = createPublicKey(key);
  return sign({
    subject: commonName(name),
    issuer: commonName(name),
    notBefore: wholeSecond(now.getTime() - backdating),
    notAfter: wholeSecond(now.getTime() + authorityLifetime),
    publicKey,
    signingKey: key,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(spki(publicKey)),
    ],
  });
}
