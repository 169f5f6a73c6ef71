/** `holdfast certificate show|renew|trust`: the registry's TLS certificate, and how clients come to trust it. */
import {hostname} from 'node:os';
import type {Command} from 'commander';
import {dataPaths} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {quoted} from '../config/tree-check.ts';
import {readAuthority} from '../tls/authority.ts';
import {CertificateError} from '../tls/certificate-error.ts';
import {describeCertificate} from '../tls/describe.ts';
import type {CertificateDescription} from '../tls/describe.ts';
import {givenPaths, readGivenPair} from '../tls/given-pair.ts';
import {certificateFiles, renewalWindow} from '../tls/layout.ts';
import {ownPairContext} from '../tls/open-certificates.ts';
import {readOwnPair, securePair} from '../tls/own-pair.ts';
import type {LoadedPair} from '../tls/own-pair.ts';
import {parseCertificates} from '../tls/pair.ts';
import type {PairPaths} from '../tls/pair-files.ts';
import {nameFault, parseHost, trustAnchor, trustSteps} from '../tls/trust.ts';
import type {TrustStep} from '../tls/trust.ts';
import {loadFor} from './configuration.ts';
import {print, properties, type Write} from './output.ts';
import {stderrLog} from './stderr-log.ts';
import {type Printing, verb} from './verb.ts';

type Load = (command: Command) => Config | Promise<Config>;

/** What a verb has found, for scripts and for people. */
interface Answer {
  readonly value: object;
  readonly text: () => string;
}

const date = (time: Date): string => time.toISOString().replace(/\.\d+Z$/, 'Z');

interface Present {
  readonly loaded: LoadedPair;
  readonly paths: PairPaths;
}

/** The pair that the server would use; nothing is made. */
async function present(config: Config): Promise<Present> {
  const directory = dataPaths(config).certs;
  if (config.tls.mode === 'off') {
    throw new CertificateError(
      'setting',
      'tls.mode is off: this registry speaks plain HTTP and has no certificate',
    );
  }
  if (config.tls.mode === 'files') {
    const paths = givenPaths(config.tls, directory);
    return {loaded: await readGivenPair(paths), paths};
  }
  const files = certificateFiles(directory);
  const loaded = await readOwnPair(files, await readAuthority(files));
  if (loaded !== undefined) return {loaded, paths: files};
  throw new CertificateError(
    'missing',
    `there is no certificate in ${directory} yet: holdfast makes it when it starts first`,
  );
}

function life({daysLeft, expiresAt}: CertificateDescription): string {
  return daysLeft < 0
    ? `${date(expiresAt)} (expired ${-daysLeft} days ago)`
    : `${date(expiresAt)} (${daysLeft} days left)`;
}

async function show(config: Config, now: Date): Promise<Answer> {
  const {loaded, paths} = await present(config);
  const {source, authority} = loaded;
  const certificate = describeCertificate(loaded.pair.certificate, now);
  const renewedAt = new Date(certificate.expiresAt.getTime() - renewalWindow);
  const {authority: file, authorityKey} = certificateFiles(dataPaths(config).certs);
  const ca = authority && describeCertificate(authority.certificate, now);
  const value = {
    source,
    ...certificate,
    files: {certificate: paths.certificate, key: paths.key},
    ...(ca && {renewedAt, authority: {...ca, file}}),
  };
  const own: [string, string][] = [
    ['subject', certificate.subject],
    ['issuer', certificate.issuer],
    ['names', certificate.names.join(', ')],
    ['valid from', date(certificate.notBefore)],
    ['valid until', life(certificate)],
    ['SHA-256', certificate.fingerprint256],
    ['key', certificate.keyType],
    ['certificate', paths.certificate],
    ['private key', paths.key],
  ];
  if (!ca) {
    const renewal = ['renewal', 'by you: the local CA did not issue this certificate'] as const;
    return {value, text: () => properties([...own, renewal])};
  }
  const fault = authority.key instanceof CertificateError ? authority.key.message : undefined;
  const rows = [
    ...own,
    ['renewal', fault === undefined ? `by itself from ${date(renewedAt)}` : `impossible: ${fault}`],
    ['local CA', ca.subject],
    ['CA valid until', life(ca)],
    ['CA SHA-256', ca.fingerprint256],
    ['CA file', `${file} (its key: ${authorityKey})`],
  ] as const;
  return {value, text: () => properties(rows)};
}

async function renew(config: Config, isForced: boolean): Promise<Answer> {
  const {loaded: before, paths} = await present(config);
  if (config.tls.mode !== 'self-signed' || before.source === 'files') {
    const {issuer} = describeCertificate(before.pair.certificate, new Date());
    throw new CertificateError(
      'not-ours',
      `${paths.certificate} was not issued by the local CA but by "${issuer}": get a new one there, and put it and its key in place of the files; a running holdfast reloads them by itself`,
    );
  }
  const {externalUrl, tls} = config;
  const directory = dataPaths(config).certs;
  const context = ownPairContext({tls, directory, externalUrl, log: stderrLog});
  const {pair} = await securePair(context, isForced ? 'forced' : 'asked');
  const {fingerprint256} = pair.certificate;
  const renewed = fingerprint256 !== before.pair.certificate.fingerprint256;
  const expiresAt = pair.certificate.validToDate;
  const renewedAt = new Date(expiresAt.getTime() - renewalWindow);
  return {
    value: {renewed, expiresAt, renewedAt, fingerprint256},
    text: () =>
      renewed
        ? `renewed: valid until ${date(expiresAt)}, SHA-256 ${fingerprint256}\nThe former pair is kept in ${directory}. A running holdfast takes the new one within seconds.`
        : `not due: valid until ${date(expiresAt)}, renewed by itself from ${date(renewedAt)}; --force renews it now`,
  };
}

interface Address {
  readonly host: string;
  /** What it was taken from, as a sentence says it. */
  readonly from: string;
}

/** The address in image names: externalUrl's, or the first listener's; a listener for all addresses has the name that clients use, or the host's. */
function addressOf({externalUrl, http, tls}: Config, wanted: string | undefined): Address {
  if (wanted !== undefined) return {host: parseHost(wanted), from: '--host'};
  if (externalUrl !== undefined) {
    return {host: parseHost(new URL(externalUrl).host), from: 'externalUrl'};
  }
  const [{host, port} = {host: 'localhost', port: 5000}] = http.listen;
  const isForAll = host === '0.0.0.0' || host === '::';
  const known = tls.names.find((each) => !each.includes('*'));
  const name = isForAll ? (known ?? hostname()) : host;
  return {
    host: parseHost(`${name.includes(':') ? `[${name}]` : name}:${port}`),
    from: isForAll
      ? `http.listen and ${known === undefined ? "this host's name" : 'tls.names'}`
      : 'http.listen',
  };
}

function stepText({client, commands, notes}: TrustStep): string {
  const shown = [...commands, ...notes.map((note) => note.replace(/^(?! )/gm, '# '))];
  return `\n${client}\n${shown.map((text) => text.replace(/^/gm, '  ')).join('\n')}\n`;
}

/** What root alone is let into, scp as somebody else can't read. */
const copyCommand = (file: string): string =>
  process.getuid?.() === 0
    ? `ssh ${hostname()} sudo cat ${quoted(file)} > ca.crt`
    : `scp ${hostname()}:${quoted(file)} ca.crt`;

async function trust(config: Config, wanted: string | undefined): Promise<Answer> {
  const {loaded, paths} = await present(config);
  const {host, from} = addressOf(config, wanted);
  const warning = nameFault(loaded.pair.certificate, host, config.tls.mode);
  const chain = parseCertificates({path: paths.certificate, text: loaded.text});
  const anchor = trustAnchor(chain, loaded.authority?.certificate);
  const file =
    loaded.authority === undefined
      ? paths.certificate
      : certificateFiles(dataPaths(config).certs).authority;
  const steps = trustSteps(host);
  const about = anchor && describeCertificate(anchor, new Date());
  const value = {
    host,
    from,
    warning: warning ?? null,
    ca: about ? {file, pem: anchor.toString(), ...about} : null,
    clients: steps,
  };
  const {issuer} = describeCertificate(loaded.pair.certificate, new Date());
  const head = about
    ? [
        `Clients of ${host} must trust ${about.subject}, once; it is valid until ${date(about.expiresAt)}.`,
        `  file:    ${file}`,
        `  SHA-256: ${about.fingerprint256}`,
        `Copy it to the client as ca.crt, and run there, in the directory that holds it:`,
        `  ${copyCommand(file)}`,
        `  openssl x509 -in ca.crt -noout -fingerprint -sha256`,
      ]
    : [
        `The certificate of ${host} was issued by "${issuer}", whose own certificate is not in ${file}.`,
        'Clients that know this issuer, as they know public ones, need nothing.',
        "Otherwise get the issuer's root certificate, save it as ca.crt, and run in the directory that holds it:",
      ];
  const check = `\ncheck\n  curl --cacert ca.crt https://${host}/v2/`;
  const place = `The address is that of ${from}${wanted === undefined ? '; --host HOST:PORT takes another one' : ''}.`;
  const first = [place, ...(warning === undefined ? [] : [`Beware: ${warning}.`])];
  const text = `${[...first, ...head].join('\n')}\n${steps.map(stepText).join('')}${check}`;
  return {value, text: () => text};
}

/** `load` reads the configuration with the frame's global flags. */
export function certificateCommand(
  command: Command,
  load: Load = (self) => loadFor(self).config,
  write?: Write,
): void {
  const tell = ({value, text}: Answer, options: Printing): void => {
    print(value, options, text, write);
  };
  verb(
    command,
    'show',
    'show names, validity, fingerprint and files of the certificate in use',
  ).action(async (options: Printing, self: Command) => {
    tell(await show(await load(self), new Date()), options);
  });
  verb(command, 'renew', 'renew the certificate of the local CA, if it is due or names are missing')
    .option('--force', 'renew it even if it is not due', false)
    .action(async (options: Printing & {readonly force: boolean}, self: Command) => {
      tell(await renew(await load(self), options.force), options);
    });
  verb(
    command,
    'trust',
    'print the files and commands by which docker, podman, containerd and others trust it',
  )
    .option(
      '--host <host:port>',
      'the address in your image names, if it is not the configured one',
    )
    .action(async (options: Printing & {readonly host?: string}, self: Command) => {
      tell(await trust(await load(self), options.host), options);
    });
  command.addHelpText(
    'after',
    `
Examples:
  holdfast certificate show
  holdfast certificate trust --host registry.example.org:5000
  holdfast certificate renew --force
`,
  );
}
