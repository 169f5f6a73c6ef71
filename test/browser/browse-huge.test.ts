/** What is as large as it can be, written by somebody who wishes the pages ill. */
import type {Page} from 'playwright-core';
import {picture} from '../support/browser.ts';
import {
  contentOf,
  imageOf,
  mediaTypes,
  pushBlob,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {testWith} from '../support/test-with.ts';
import {startBrowseBench} from './browse-bench.ts';

const script = '<script>window.isTaken = true</script><img src=x onerror="window.isTaken = true">';
const bidi = 'abc\u202Etxt.exe';
const hostile = `${script}${bidi}`;
const megabyte = 1024 * 1024;
const longAs = (length: number, text = hostile): string =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);

/** In milliseconds, on a machine that does other things too. */
const patience = 8000;

/** Goes there, and fails unless what is looked for is there soon, the page answers, and nothing of the text has run. */
async function look(page: Page, address: string, shown: string): Promise<void> {
  const begun = performance.now();
  await page.goto(address);
  await page.locator('main').getByText(shown).first().waitFor({timeout: patience});
  const state = await page.evaluate<readonly [boolean, number]>(
    '[window.isTaken === true, document.documentElement.scrollWidth - document.documentElement.clientWidth]',
  );
  if (state[0]) throw new Error(`${address} has run a script`);
  if (state[1] !== 0) throw new Error(`${address} is too wide`);
  const took = performance.now() - begun;
  if (took > patience) throw new Error(`${address} took ${took} ms`);
}

testWith(
  ['chromium', 'skopeo'],
  'configurations and annotations of megabytes run nothing, ask nobody, and are shown soon, cut, and copied whole',
  async (t) => {
    const {open, api, faults, holdfast} = await startBrowseBench(t);
    const layer = randomContent();
    await pushBlob(api, 'tools/saw', layer);
    const push = async (tag: string, size: number): Promise<string> => {
      const configuration = {
        architecture: 'amd64',
        os: 'linux',
        config: {
          Labels: {[script]: longAs(size / 3), [bidi]: bidi},
          Env: [`${script}=${longAs(size / 3)}`],
          Cmd: [script],
        },
        rootfs: {type: 'layers', diff_ids: [layer.digest]},
        history: [{created_by: longAs(size / 3)}],
      };
      const config = contentOf(JSON.stringify(configuration), mediaTypes.config);
      await pushBlob(api, 'tools/saw', config);
      const image = imageOf([layer], {config: config.descriptor});
      await putManifest(api, 'tools/saw', tag, image).expect(201);
      return JSON.stringify(configuration, null, 2);
    };
    const medium = await push('medium', 0.8 * megabyte);
    await push('large', 3 * megabyte);
    await push('huge', 10 * megabyte);
    const wide = imageOf([layer], {
      config: (await pushedConfig(api)).descriptor,
      annotations: {[script]: longAs(3.2 * megabyte, `${script.replaceAll('"', "'")}\u202E`)},
    });
    t.true(wide.bytes.length > 3 * megabyte);
    await putManifest(api, 'tools/saw', 'wide', wide).expect(201);

    const page = await open('anna');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const strangers: string[] = [];
    page.on('request', (request) => {
      if (!/^(?:data|blob):/.test(request.url()) && !request.url().startsWith(holdfast.url)) {
        strangers.push(request.url());
      }
    });
    await page.setViewportSize({width: 390, height: 800});
    const tags = `${holdfast.url}/repositories/tools~saw/tags`;
    await look(page, `${tags}/medium`, '<script>');
    await look(page, `${tags}/medium?tab=configuration`, 'Environment');
    await page.getByText('the first 4,096 characters').first().waitFor();
    await page.getByRole('button', {name: 'Show its text'}).click();
    await page.getByText('A copy has all.').waitFor({timeout: patience});
    await page.getByRole('button', {name: 'Copy'}).last().click();
    t.is(await page.evaluate<string>('navigator.clipboard.readText()'), medium);
    await picture(page, 'huge-medium');
    await look(page, `${tags}/large?tab=configuration`, 'The configuration takes 3');
    await page.getByRole('button', {name: 'Show its text'}).click();
    await page.getByText('Shown are the first 100,000').waitFor({timeout: patience});
    await page.getByRole('button', {name: 'Show all', exact: true}).click();
    await page.getByText('Shown are the first').waitFor({state: 'detached', timeout: patience});
    await look(page, `${tags}/huge?tab=configuration`, 'The configuration takes 10');
    await page.getByRole('button', {name: 'Show its text'}).click();
    await page.getByText('too large to be shown').waitFor();
    await picture(page, 'huge-configuration');
    await look(page, `${tags}/huge`, 'sha256:');
    await look(page, `${tags}/wide?tab=annotations`, 'Show all of it');
    await picture(page, 'huge-annotations');
    await page.getByRole('button', {name: 'Show all of it'}).click();
    await look(page, `${tags}/wide?tab=raw`, 'Shown are the first 100,000');
    await look(page, `${holdfast.url}/repositories/tools~saw`, 'wide');
    t.deepEqual(strangers, []);
    t.deepEqual(faults, []);
  },
);

const deep = '>'.repeat(16_000);
const delimiters = `${'*'.repeat(8000)}a${'*'.repeat(8000)}`;
const wideTable = `${'|a'.repeat(2000)}|\n${'|-'.repeat(2000)}|\n${'|\n'.repeat(3000)}`;

testWith(
  ['chromium', 'skopeo'],
  'Markdown that can not be read in reasonable time, or becomes more than a page can show, is shown as it was written',
  async (t) => {
    const {push, open, api, faults, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', {layers: [{}]});
    const place = '/api/v1/repositories/tools~saw';
    for (const body of [deep, delimiters, wideTable, 'It *cuts*.']) {
      await api.post(`${place}/comments`).send({body}).expect(201);
    }
    const page = await open('anna');
    const begun = performance.now();
    await page.goto(`${holdfast.url}/repositories/tools~saw?tab=comments`);
    await page.locator('em', {hasText: 'cuts'}).waitFor();
    t.true(performance.now() - begun < patience);
    await page.getByText("can't be shown as Markdown").nth(2).waitFor();
    t.true(await page.getByText(deep.slice(0, 500)).isVisible());
    // It answers meanwhile and after it.
    await page.getByRole('textbox', {name: 'Your comment'}).fill('It **saws**.');
    await page.getByRole('button', {name: 'Comment', exact: true}).click();
    await page.locator('strong', {hasText: 'saws'}).waitFor();
    await picture(page, 'huge-markdown');
    t.deepEqual(faults, []);
  },
);

testWith(
  ['chromium', 'skopeo'],
  'texts of 10 MB are refused by the API, and by pages that keep what was typed',
  async (t) => {
    const {push, open, api, faults, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', {layers: [{}]});
    const huge = longAs(10 * megabyte);
    const saw = '/api/v1/repositories/tools~saw';
    const fieldOf = ({body}: {readonly body: unknown}): unknown =>
      (body as {readonly errors: readonly {readonly field?: string}[]}).errors[0]?.field;
    for (const [method, path, field] of [
      ['put', saw, 'description'],
      ['post', `${saw}/comments`, 'body'],
      ['put', '/api/v1/teams/makers', 'description'],
      ['put', '/api/v1/namespaces/tools', 'description'],
    ] as const) {
      await api[method](path)
        .send({[field]: huge})
        .expect(413);
      const refused = await api[method](path)
        .send({[field]: longAs(40_000)})
        .expect(422);
      t.is(fieldOf(refused), field, path);
    }
    // As many signs as it takes, of the longest.
    const most = '\u0001\u{20AC}'.repeat(16 * 1024);
    await api.put(saw).send({description: most}).expect(200);
    await api.put(saw).send({description: ''}).expect(200);

    const page = await open('anna');
    const tooLong = page.getByText('The registry takes').first();
    const tries = async (
      path: string,
      {
        text = longAs(300_000),
        edit,
        field,
        save,
      }: {
        readonly text?: string;
        readonly edit?: string;
        readonly field: string;
        readonly save: string;
      },
    ) => {
      await page.goto(`${holdfast.url}${path}`);
      if (edit !== undefined) await page.getByRole('button', {name: edit, exact: true}).click();
      const box = page.getByRole('textbox', {name: field});
      await box.waitFor();
      const begun = performance.now();
      await box.fill(text);
      await tooLong.waitFor();
      const button = page.getByRole('button', {name: save, exact: true});
      await button.first().click();
      await page.getByRole('alert').getByText('the body must have at most').waitFor();
      const took = performance.now() - begun;
      t.true(took < 2 * patience, `${path} took ${took} ms`);
      t.is((await box.inputValue()).length, text.length);
      t.false(await page.evaluate<boolean>('window.isTaken === true'));
    };
    const described = {edit: 'Edit', field: 'Description', save: 'Save'};
    await tries('/repositories/tools~saw', {
      ...described,
      field: 'Description in Markdown',
      text: longAs(megabyte, 'many words '),
    });
    await tries('/repositories/tools~saw?tab=comments', {field: 'Your comment', save: 'Comment'});
    await tries('/teams/makers', described);
    await tries('/namespaces/tools/settings', described);
    t.deepEqual(faults, []);
  },
);

async function pushedConfig(api: Parameters<typeof pushBlob>[0]) {
  const config = contentOf('{"os":"linux","architecture":"arm64"}', mediaTypes.config);
  await pushBlob(api, 'tools/saw', config);
  return config;
}
