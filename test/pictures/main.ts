/**
 * `npm run pictures [DIRECTORY]`: pictures of the main pages, for README.md and docs/, of the running program as a company has it after a
 * month. Its clock is set to each of these days while it is filled.
 */
import {mkdir, mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setDefaultCACertificates} from 'node:tls';
import {parseArgs} from 'node:util';
import {chromium} from 'playwright-core';
import {createHoldfast} from '../../src/app.ts';
import {configSchema} from '../../src/config/schema.ts';
import {createLog} from '../../src/observability/log.ts';
import {findProgram} from '../support/programs.ts';
import {projectRoot} from '../support/project-root.ts';
import {type Ask, fill, passwordOf} from './fill.ts';
import {pictures} from './pages.ts';

const host = 'registry.example.org';
const adminPassword = 'the admin of the pictures';

const {positionals, values} = parseArgs({
  allowPositionals: true,
  options: {keep: {type: 'boolean', default: false}},
});
const directory = positionals[0] ?? join(projectRoot, 'docs', 'pictures');

let offset = 0;
const now = (): Date => new Date(Date.now() + offset);
const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-pictures-'));
const config = configSchema.parse({
  dataDir,
  externalUrl: `https://${host}`,
  http: {listen: ['127.0.0.1:0']},
  tls: {names: [host]},
  admin: {password: adminPassword},
});
const holdfast = createHoldfast(config, {now, log: createLog({level: 'error', format: 'json'})});
const {addresses} = await holdfast.start();
const {port} = new URL(addresses[0]?.url ?? '');
setDefaultCACertificates([await readFile(join(dataDir, 'certs/ca.crt'), 'utf8')]);

const ask: Ask = async (as, method, path, body) => {
  const password = as === 'admin' ? adminPassword : passwordOf(as);
  const isBytes = body !== undefined && 'bytes' in body;
  const answer = await fetch(`https://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      Authorization: `Basic ${Buffer.from(`${as}:${password}`).toString('base64')}`,
      ...(body && {'Content-Type': isBytes ? body.type : 'application/json'}),
      Accept: '*/*',
    },
    ...(body && {body: isBytes ? new Uint8Array(body.bytes) : JSON.stringify(body)}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return answer;
};

const began = Date.now();
await fill(
  ask,
  (at) => {
    offset = at - Date.now();
  },
  began,
);
offset = 0;
await mkdir(directory, {recursive: true});
const browser = await chromium.launch({
  executablePath: findProgram('chromium') ?? 'chromium',
  args: ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP ${host} 127.0.0.1:${port}`],
});
for (const {name, path, as, isDark = false, isNarrow = false, ready} of pictures) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    colorScheme: isDark ? 'dark' : 'light',
    viewport: isNarrow ? {width: 390, height: 780} : {width: 1280, height: 800},
  });
  const page = await context.newPage();
  if (as !== undefined) {
    await page.goto(`https://${host}/sign-in`);
    await page.getByLabel('User name').fill(as);
    await page
      .getByLabel(/^Password(?: \*)?$/)
      .fill(as === 'admin' ? adminPassword : passwordOf(as));
    await page.getByRole('button', {name: 'Sign in', exact: true}).click();
    await page.getByRole('heading', {level: 1, name: 'Dashboard'}).waitFor();
  }
  await page.goto(`https://${host}${path}`);
  await page.getByText(ready).first().waitFor();
  await page.waitForLoadState('networkidle', {timeout: 2000}).catch(() => undefined);
  await page.screenshot({path: join(directory, `${name}.png`)});
  await context.close();
  console.log(join(directory, `${name}.png`));
}
await browser.close();
if (values.keep) console.log(`https://127.0.0.1:${port} serves it, until Ctrl-C`);
else {
  await holdfast.stop();
  await rm(dataDir, {recursive: true});
}
