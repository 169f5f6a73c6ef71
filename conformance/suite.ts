/** Runs the official suite once, against a Holdfast that is started for it. */
import {execFile} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {rm} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {environmentWithout} from './environment.ts';
import {modes, withHoldfast} from './holdfast.ts';
import {installConformance} from './program.ts';
import {readReport, type Report} from './report.ts';
import {isGood, specifications} from './verdict.ts';

/** The suite is run for each. */
export const runs = specifications.flatMap((specification) =>
  modes.map((mode) => ({specification, mode})),
);
type Run = (typeof runs)[number];

export type Outcome = Report &
  Run & {
    /** How many tokens the realm gave out meanwhile. */
    readonly tokens: number;
    /** See verdict.ts. */
    readonly good: boolean;
    /** Where report.html, junit.xml and results.yaml lie. */
    readonly directory: string;
  };

/** Runs the suite once; the report goes to conformance/results/. */
export async function runSuite({specification, mode}: Run): Promise<Outcome> {
  const program = await installConformance();
  const directory = fileURLToPath(new URL(`results/${specification}-${mode}/`, import.meta.url));
  await rm(directory, {recursive: true, force: true});
  const {output, tokens} = await withHoldfast(
    mode,
    async ({url, caFile, account, countTokens}) => ({
      output: await execute(program, {
        ...environmentWithout('OCI_'),
        SSL_CERT_FILE: caFile,
        OCI_CONFIGURATION: '/dev/null',
        OCI_REGISTRY: url.host,
        OCI_TLS: 'enabled',
        ...freshRepositories(account?.name ?? 'conformance'),
        ...(account === undefined ? {} : settingsOf(account)),
        OCI_VERSION: specification,
        OCI_RESULTS_DIR: directory,
      }),
      tokens: await countTokens(),
    }),
  );
  const report = await readReport(directory).catch((error: unknown) => {
    throw new Error(`The conformance program left no report. It said:\n${output}`, {cause: error});
  });
  const run = {...report, specification, mode, tokens};
  return {...run, directory, good: isGood(run)};
}

function freshRepositories(namespace: string): Record<string, string> {
  const run = randomBytes(6).toString('hex');
  return {OCI_REPO1: `${namespace}/${run}/first`, OCI_REPO2: `${namespace}/${run}/second`};
}

function settingsOf({name, password}: {name: string; password: string}): Record<string, string> {
  return {
    OCI_USERNAME: name,
    OCI_PASSWORD: password,
    // The token that it would keep from the last push is for that repository alone: nothing could be mounted with it.
    OCI_CACHE_AUTH: 'false',
  };
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
