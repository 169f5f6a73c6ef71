/** Repositories and tags as people browse them: Chromium, and skopeo that pushes meanwhile. */
import {picture} from '../support/browser.ts';
import {testWith} from '../support/test-with.ts';
import {startBrowseBench} from './browse-bench.ts';

const programs = ['chromium', 'skopeo'] as const;
const image = (text: string) => ({layers: [{'etc/motd': text}]});

testWith(
  programs,
  'a push of skopeo appears on an open page without a reload, and its tag leads to its layers',
  async (t) => {
    const {push, open, faults, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', image('one'));
    const page = await open('anna');
    await page.goto(`${holdfast.url}/repositories`);
    await page.getByRole('link', {name: 'tools/saw'}).click();
    await page.getByRole('link', {name: 'v1', exact: true}).first().waitFor();
    await page.evaluate('window.isSame = true');
    await push('tools/saw:v2', {
      ...image('two'),
      steps: ['COPY motd /etc/motd'],
      labels: {vendor: 'Example'},
      env: ['LANG=C.UTF-8'],
    });
    const row = page.getByRole('row').filter({hasText: 'v2'});
    await row.getByRole('link', {name: 'v2', exact: true}).waitFor();
    t.true(await page.evaluate<boolean>('window.isSame'));
    t.true(await row.getByText('linux/amd64').isVisible());
    await picture(page, 'repository');
    await row.getByRole('link', {name: 'v2', exact: true}).click();
    await page.getByRole('heading', {level: 1, name: 'v2'}).waitFor();
    await page.getByText('COPY motd /etc/motd').waitFor();
    t.true(await page.getByText(`docker pull ${holdfast.host}/tools/saw:v2`).isVisible());
    await page.getByText('skopeo', {exact: true}).click();
    t.true(
      await page
        .getByText(`skopeo copy docker://${holdfast.host}/tools/saw:v2 oci:saw`)
        .isVisible(),
    );
    await page.getByRole('tab', {name: 'Configuration'}).click();
    await page.getByRole('row', {name: 'vendor Example'}).waitFor();
    t.true(await page.getByRole('row', {name: 'LANG C.UTF-8'}).isVisible());
    await page.reload();
    await page.getByRole('row', {name: 'vendor Example'}).waitFor();
    await page.goBack();
    await page.getByText('COPY motd /etc/motd').waitFor();
    t.deepEqual(faults, []);
  },
);

testWith(
  programs,
  'tags are deleted after it was told what goes and what stays, and one is put back',
  async (t) => {
    const {push, open, faults, holdfast} = await startBrowseBench(t);
    const kept = await push('tools/saw:v1', image('one'));
    await push('tools/saw:latest', image('one'));
    await push('tools/saw:v2', image('two'));
    const page = await open('anna');
    await page.goto(`${holdfast.url}/repositories/tools~saw`);
    for (const tag of ['v2', 'latest']) await page.getByLabel(`Select ${tag}`).check();
    t.true(await page.getByText('2 tags selected').isVisible());
    await page.getByRole('button', {name: 'Delete …'}).click();
    const dialog = page.getByRole('dialog', {name: 'Delete 2 tags'});
    const stays = dialog.getByRole('region', {name: 'What they point at stays'});
    await stays.waitFor();
    t.true((await stays.textContent())?.includes(kept.slice(0, 19)));
    t.true(await stays.getByText('v1').isVisible());
    await picture(page, 'delete-tags');
    await dialog.getByRole('button', {name: 'Delete 2 tags'}).click();
    await page.getByText('2 tags are deleted.').waitFor();
    await page.getByLabel('Select v2').waitFor({state: 'detached'});
    t.is(await page.getByLabel(/^Select /).count(), 1);
    await page.getByRole('tab', {name: 'Deleted tags'}).click();
    await page.getByRole('button', {name: 'Put v2 back'}).click();
    await page.getByText('v2 is put back.').waitFor();
    await page.getByRole('tab', {name: 'Tags', exact: true}).click();
    await page.getByLabel('Select v2').waitFor();
    t.deepEqual(faults, []);
  },
);

testWith(
  programs,
  'a description, comments and stars are given; who was slower with the description keeps his text',
  async (t) => {
    const {push, open, faults, holdfast} = await startBrowseBench(t);
    await push('tools/saw:v1', image('one'));
    const page = await open('anna');
    const other = await open('anna');
    for (const each of [page, other]) {
      await each.goto(`${holdfast.url}/repositories/tools~saw`);
      await each.getByRole('button', {name: 'Edit'}).click();
    }
    const field = (of: typeof page) => of.getByRole('textbox', {name: 'Description in Markdown'});
    await field(page).fill('It is **sharp**.');
    await page.getByText('Preview', {exact: true}).click();
    await page.locator('strong', {hasText: 'sharp'}).waitFor();
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('The description is saved.').waitFor();
    await field(other).fill('It is blunt.');
    await other.getByRole('button', {name: 'Save'}).click();
    await other.getByText('Somebody else has changed it meanwhile').waitFor();
    t.true(await other.getByText('It is **sharp**.').isVisible());
    t.is(await field(other).inputValue(), 'It is blunt.');
    await picture(other, 'description-conflict');
    await other.getByRole('button', {name: 'Save mine in place of that'}).click();
    await other.getByText('It is blunt.').waitFor();
    await page.getByRole('button', {name: '0 stars'}).click();
    await page.getByRole('button', {name: '1 star', pressed: true}).waitFor();
    await page.getByRole('tab', {name: 'Comments'}).click();
    await page.getByRole('textbox', {name: 'Your comment'}).fill('It *cuts*.');
    await page.getByRole('button', {name: 'Comment', exact: true}).click();
    await page.locator('em', {hasText: 'cuts'}).waitFor();
    await page.getByRole('button', {name: 'Delete the comment of anna'}).click();
    await page.getByRole('dialog').getByRole('button', {name: 'Delete'}).click();
    await page.getByText('Nobody has said anything yet.').waitFor();
    t.deepEqual(faults, []);
  },
);

testWith(programs, 'a repository is deleted once its name is typed', async (t) => {
  const {push, open, faults, holdfast} = await startBrowseBench(t);
  await push('tools/saw:v1', image('one'));
  const page = await open('anna');
  await page.goto(`${holdfast.url}/repositories/tools~saw`);
  await page.getByRole('button', {name: 'Delete', exact: true}).click();
  const dialog = page.getByRole('dialog', {name: 'Delete the repository'});
  await dialog.getByText('1 manifest', {exact: true}).waitFor();
  const button = dialog.getByRole('button', {name: 'Delete'});
  t.true(await button.isDisabled());
  await dialog.getByRole('textbox').fill('tools/saw');
  await button.click();
  await page.waitForURL(`${holdfast.url}/repositories`);
  await page.getByText('There is nothing here yet.').waitFor();
  t.deepEqual(faults, []);
});
