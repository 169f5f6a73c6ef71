/** The whole of it, as a person does it on the first day: with Chromium, and a docker that pushes and pulls meanwhile. */
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {picture} from '../support/browser.ts';
import {dockerAt, startDockerDaemon, trustForDocker} from '../support/dockerd.ts';
import {startHoldfast} from '../support/holdfast.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {secret} from '../support/secrets.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {fillSignIn, visit} from '../support/visitor.ts';
import {workbench} from '../support/workbench.ts';

const programs = ['chromium', 'docker', 'dockerd', 'containerd', 'runc', 'ip', 'tar'] as const;
/** In bytes, as they come over the wire. */
const mostAtFirst = 300_000;

testWith(
  programs,
  'from the first start to a second person: teams, docker, files, tokens, what is deleted and put back',
  async (t) => {
    const network = await networkNamespace(t);
    const [holdfast, socket, bench] = await Promise.all([
      startHoldfast(t, {address: network.hostAddress, settings: {auth: {mode: 'accounts'}}}),
      startDockerDaemon(t, await temporaryDirectory(t), network),
      workbench(t),
    ]);
    await trustForDocker(t, holdfast);
    const docker = dockerAt(bench, socket);
    const {url, host} = holdfast;
    const {page, context, faults} = await visit(t);

    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(`${url}/`)) elsewhere.push(request.url());
    });
    const wire = await context.newCDPSession(page);
    let loaded = 0;
    wire.on('Network.loadingFinished', ({encodedDataLength}) => (loaded += encodedDataLength));
    await wire.send('Network.enable');
    const [, code = ''] = /\/start#(\S+)$/m.exec(holdfast.output()) ?? [];
    await page.goto(`${url}/start#${secret(code)}`);
    const chosen = secret('the password of the admin');
    await page.getByLabel(/^Password(?: \*)?$/).fill(chosen);
    t.log(`${loaded} bytes came before the first page was there`);
    t.true(loaded > 0 && loaded < mostAtFirst, String(loaded));
    await page.getByLabel('Password once more').fill(chosen);
    await page.getByRole('button', {name: 'Make the account'}).click();
    await page.getByRole('group', {name: 'Log in'}).waitFor();

    await page.getByRole('link', {name: 'Teams'}).click();
    await page.getByRole('button', {name: 'Make a team'}).first().click();
    await page.getByRole('dialog').getByLabel('Name').fill('makers');
    await page.getByRole('dialog').getByRole('button', {name: 'Make a team'}).click();
    await page.waitForURL(`${url}/teams/makers`);
    await page.getByRole('link', {name: 'Make a namespace'}).click();
    await page.getByRole('textbox', {name: 'Name'}).fill('tools');
    await page.getByLabel('The name is free').waitFor();
    await page.getByRole('button', {name: 'Make a namespace'}).click();
    await page.waitForURL(`${url}/namespaces/tools`);

    await page.getByRole('link', {name: 'Repositories', exact: true}).click();
    await page.getByText('There is nothing here yet.').waitFor();
    const login = async (password: string) =>
      docker.given(`${password}\n`)('login', '-u', 'admin', '--password-stdin', host);
    await login(chosen);
    const push = async (tag: string, motd: string): Promise<void> => {
      await mkdir(bench.path('etc'), {recursive: true});
      await writeFile(join(bench.directory, 'etc/motd'), motd);
      await bench.client('tar')('-c', '-f', 'layer.tar', 'etc');
      await docker('import', bench.path('layer.tar'), `${host}/tools/saw:${tag}`);
      await docker('push', `${host}/tools/saw:${tag}`);
    };
    await push('v1', 'Welcome.\n');
    await page.getByRole('link', {name: 'tools/saw'}).click();
    await page.getByRole('link', {name: 'v1', exact: true}).first().click();
    await page.getByRole('link', {name: 'Files', exact: true}).first().click();
    await page.getByRole('link', {name: 'etc', exact: true}).click();
    await page.getByRole('link', {name: 'motd'}).click();
    await page.getByText('Welcome.').waitFor();
    await push('v2', 'Welcome back.\n');
    await page.goto(`${url}/repositories/tools~saw/compare?from=v1&to=v2`);
    await page.getByRole('row', {name: /\/etc\/motd changed/}).waitFor();
    await picture(page, 'story-compare');

    await page.goto(`${url}/profile/tokens`);
    await page.getByRole('button', {name: 'Make a token'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', {name: 'Name'}).fill('laptop');
    await dialog.getByRole('button', {name: 'Make a token'}).click();
    const shown = dialog.getByRole('group', {name: 'The token'});
    const token = secret((await shown.textContent()) ?? '');
    await docker('logout', host);
    t.regex(await login(token), /Login Succeeded/);
    await docker('image', 'rm', `${host}/tools/saw:v1`);
    await docker('pull', `${host}/tools/saw:v1`);

    await page.goto(`${url}/repositories/tools~saw/tags/v1`);
    await page.getByRole('button', {name: 'Delete', exact: true}).click();
    await page
      .getByRole('dialog')
      .getByRole('button', {name: /^Delete/})
      .click();
    await page.goto(`${url}/repositories/tools~saw`);
    await page.getByRole('tab', {name: 'Deleted tags'}).click();
    await bench.refuses(docker('pull', `${host}/tools/saw:v1`), /not found|unknown/);
    await page.getByRole('button', {name: 'Put v1 back'}).click();
    await page.getByText('v1 is put back.').waitFor();
    await docker('pull', `${host}/tools/saw:v1`);

    const password = secret('the password of bert');
    await holdfast.command('user create bert --password-stdin', password);
    const other = await visit(t);
    await other.page.setViewportSize({width: 390, height: 800});
    await other.page.goto(`${url}/sign-in?to=/repositories/tools~saw`);
    await fillSignIn(other.page, 'bert', password);
    await other.page.getByText('there is no such repository').waitFor();
    await picture(other.page, 'story-stranger');
    await page.getByRole('button', {name: 'Account admin'}).click();
    await page.getByRole('menuitem', {name: 'Sign out'}).click();
    await page.waitForURL(`${url}/sign-in`);
    t.deepEqual(elsewhere, []);
    t.deepEqual(faults, []);
  },
);
