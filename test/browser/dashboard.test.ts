/** The first page, in a real browser. */
import {startBrowser} from '../support/browser.ts';
import {passwordOf, startWithPeople} from '../support/people.ts';
import {pushImage} from '../support/push-image.ts';
import {openWindow} from '../support/signed-in.ts';
import {testWith} from '../support/test-with.ts';

testWith(
  ['chromium', 'skopeo', 'umoci'],
  'the first page says what to type as long as nothing was pushed, and shows a push as it happens',
  async (t) => {
    const holdfast = await startWithPeople(t);
    const anna = {name: 'anna', password: passwordOf('anna')};
    const {page, faults, visit} = await openWindow(await startBrowser(t), holdfast, anna);
    await visit('/');
    await page.getByText('Nothing was pushed yet.').waitFor();
    const way = page.getByRole('link', {name: 'What to type to push the first image'});
    t.is(await way.getAttribute('href'), '/connect');
    await page.getByRole('link', {name: 'makers'}).waitFor();
    await page.getByRole('link', {name: 'tools'}).waitFor();
    t.is(await pushImage(t, holdfast, {...anna, to: 'tools/saw:v1'}), undefined);
    await page.getByRole('link', {name: 'tools/saw:v1'}).waitFor();
    await page.getByText('pushed by anna').waitFor();
    await page.getByRole('table', {name: 'Pulls and pushes of 30 days'}).waitFor();
    t.deepEqual(faults, []);
  },
);
