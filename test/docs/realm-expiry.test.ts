/** What docs/realm-for-distribution.md says of the end of the certificate: it is awaited here, in registries that run. */
import {X509Certificate} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {decodeProtectedHeader} from 'jose';
import {openCertificates} from '../../src/tls/open-certificates.ts';
import {certificateLifetime} from '../../src/tls/layout.ts';
import {basic, startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import {randomContent} from '../support/content.ts';
import {type DockerRegistry, pushBlob, startDockerRegistry} from '../support/docker-registry.ts';
import {until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {tlsSettings} from '../tls/workbench.ts';

const service = 'registry.example.org';
const programs = ['docker-registry', 'registry'] as const;
type Program = (typeof programs)[number];

/** Makes the pair, or renews it where that is due, as of `now`; when it ends. */
async function securePair(dataDir: string, now: Date): Promise<Date> {
  const ignore = (): void => undefined;
  const certificates = await openCertificates({
    tls: tlsSettings(),
    directory: join(dataDir, 'certs'),
    log: {debug: ignore, info: ignore, warn: ignore, error: ignore},
    now: () => now,
    pollInterval: 0,
  });
  await certificates.close();
  return certificates.current().expiresAt;
}

/** Trusts the CA, or the certificate itself, as it is now. */
async function startTrusting(
  t: ExecutionContext,
  {dataDir}: WithAccounts,
  program: Program,
  what: 'ca' | 'server',
): Promise<DockerRegistry> {
  const directory = await temporaryDirectory(t);
  const rootcertbundle = join(directory, 'bundle.pem');
  const [first] = (await readFile(join(dataDir, `certs/${what}.crt`), 'utf8')).split(
    /(?=-----BEGIN)/,
  );
  await writeFile(rootcertbundle, first ?? '');
  const auth = {
    realm: 'http://realm.invalid/auth/token',
    service,
    issuer: 'holdfast',
    rootcertbundle,
  };
  return startDockerRegistry(t, join(directory, 'root'), {auth, program});
}

testWith(
  programs,
  'when the certificate of tokens ends, running registries refuse all; after a renewal those go on that trust the CA',
  async (t) => {
    t.timeout(120_000);
    const dataDir = await temporaryDirectory(t);
    const soon = new Date(Date.now() - certificateLifetime + 18_000);
    const end = await securePair(dataDir, soon);
    // Without TLS nobody renews it.
    const holdfast = await startWithAccounts(t, {
      dataDir,
      token: {otherServices: [service]},
    });
    await holdfast.person('anna');
    const token = async (): Promise<string> => {
      const query = `service=${service}&scope=repository:anna/app:pull,push`;
      const answer = await holdfast.as(basic('anna')).get(`/auth/token?${query}`).expect(200);
      return (answer.body as {token: string}).token;
    };
    const former = decodeProtectedHeader(await token()).kid;
    const started = async (what: 'ca' | 'server'): Promise<readonly DockerRegistry[]> =>
      Promise.all(programs.map(async (program) => startTrusting(t, holdfast, program, what)));
    const [ofAuthority, ofServer] = [await started('ca'), await started('server')];
    const push = async (registries: readonly DockerRegistry[]) => {
      const fresh = await token();
      return Promise.all(registries.map(async (each) => pushBlob(each, 'anna/app', fresh)));
    };
    const all = [...ofAuthority, ...ofServer];
    t.deepEqual(await push(all), [201, 201, 201, 201]);
    t.true(Date.now() < end.getTime(), 'the machine was too slow');

    await until(async () => (await push(all)).every((status) => status === 401));
    t.true(Date.now() >= end.getTime());
    t.true(Date.now() < end.getTime() + 10_000, 'it took long');
    for (const each of all)
      t.regex(each.output(), /x509: certificate has expired or is not yet valid/);
    // One that is started with the expired certificate starts, and refuses.
    t.deepEqual(await push(await started('server')), [401, 401]);
    // Holdfast itself goes by the key.
    const {bytes, digest} = randomContent();
    await holdfast
      .as(basic('anna'))
      .post(`/v2/anna/app/blobs/uploads/?digest=${digest}`)
      .send(bytes)
      .expect(201);

    t.true((await securePair(dataDir, new Date())) > end);
    await until(async () => decodeProtectedHeader(await token()).kid !== former);
    t.deepEqual(await push(all), [201, 201, 401, 401]);
    t.deepEqual(await push(await started('server')), [201, 201]);
    const chain = new X509Certificate(await readFile(join(dataDir, 'certs/server.crt')));
    t.true(chain.validToDate > end);
  },
);
