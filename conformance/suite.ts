/** Runs the official suite once, against a Holdfast that is started for it. */
import {execFile} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {createHoldfast} from '../src/app.ts';
import {configSchema} from '../src/config/schema.ts';
import {createLog} from '../src/observability/log.ts';
import {installConformance} from './program.ts';
import {readReport, type Report} from './report.ts';

/** `OCI_VERSION`: the released specification, and what will be the next. */
export const specifications = ['1.1', 'dev'] as const;
export type Specification = (typeof specifications)[number];

export type Outcome = Report & {
  readonly specification: Specification;
  /** Everything passed; in dev, nothing may be left out either. */
  readonly good: boolean;
  /** Where report.html, junit.xml and results.yaml lie. */
  readonly directory: string;
};

/** Runs the suite for one version of the specification; the report goes to conformance/results/. */
export async function runSuite(specification: Specification): Promise<Outcome> {
  const program = await installConformance();
  const directory = fileURLToPath(new URL(`results/${specification}/`, import.meta.url));
  await rm(directory, {recursive: true, force: true});
  const output = await withHoldfast((url, caFile) =>
    execute(program, {
      ...withoutSettings(process.env),
      SSL_CERT_FILE: caFile,
      OCI_CONFIGURATION: '/dev/null',
      OCI_REGISTRY: url.host,
      OCI_TLS: 'enabled',
      ...freshRepositories(),
      OCI_VERSION: specification,
      OCI_RESULTS_DIR: directory,
    }),
  );
  const report = await readReport(directory).catch((error: unknown) => {
    throw new Error(`The conformance program left no report. It said:\n${output}`, {cause: error});
  });
  const {passed, failed, skipped, disabled} = report;
  const left = specification === 'dev' ? skipped + disabled : skipped;
  return {...report, specification, directory, good: passed > 0 && failed === 0 && left === 0};
}

function freshRepositories(): Record<string, string> {
  const run = randomBytes(6).toString('hex');
  return {OCI_REPO1: `conformance/${run}/first`, OCI_REPO2: `conformance/${run}/second`};
}

async function withHoldfast<T>(use: (url: URL, caFile: string) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-conformance-'));
  const config = configSchema.parse({
    dataDir,
    http: {listen: ['127.0.0.1:0']},
    auth: {mode: 'none'},
    log: {level: 'error', format: 'json'},
  });
  const holdfast = createHoldfast(config, {log: createLog(config.log)});
  try {
    const {addresses} = await holdfast.start();
    const address = addresses.find(({purpose}) => purpose === 'registry');
    if (address === undefined) throw new Error('Holdfast listens nowhere');
    return await use(new URL(address.url), join(dataDir, 'certs/ca.crt'));
  } finally {
    await holdfast.stop();
    await rm(dataDir, {recursive: true, force: true});
  }
}

/** The environment without any OCI_ setting that somebody may have left in it. */
function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('OCI_')),
  );
}

/** What the program prints. Its exit code says nothing: 0 also when it never began. */
function execute(program: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    const options = {env, timeout: 300_000, maxBuffer: 2 ** 28};
    execFile(program, options, (error, stdout, stderr) => {
      const start = error !== null && stdout + stderr === '' ? error.message : '';
      resolve(start + stderr + stdout);
    });
  });
}
