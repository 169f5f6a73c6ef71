/** What people look after has no barriers, on two screens, in light and in dark colours. */
import {startBrowser} from '../support/browser.ts';
import {lookAt} from '../support/look-at.ts';
import {passwordOf, startWithPeople} from '../support/people.ts';
import {openWindow} from '../support/signed-in.ts';
import {testWith} from '../support/test-with.ts';

testWith(
  ['chromium'],
  'pages of teams, namespaces, webhooks, robots and activities have no barriers',
  async (t) => {
    t.timeout(180_000);
    const holdfast = await startWithPeople(t);
    const {command} = holdfast;
    await command('team add-member makers bert --role viewer');
    await command('robot create ci --team makers --role contributor');
    await command('webhook create tools ci https://ci.example.org/hooks');
    const list = await command('webhook list --namespace tools --json');
    const id = /"id": ?"([^"]+)"/.exec(list)?.[1] ?? '';
    const context = await startBrowser(t);
    const window = await openWindow(context, holdfast, {
      name: 'anna',
      password: passwordOf('anna'),
    });
    const {page} = window;
    const press = (name: string) => async (): Promise<void> => {
      await page.getByRole('button', {name, exact: true}).first().click();
      await page.getByRole('dialog').waitFor();
    };
    const places = [
      {name: 'teams', path: '/teams'},
      {name: 'new-team', path: '/teams', open: press('Make a team')},
      {name: 'team', path: '/teams/makers'},
      {name: 'delete-team', path: '/teams/makers', open: press('Delete the team')},
      {name: 'new-namespace', path: '/namespaces/new'},
      {name: 'namespace-settings', path: '/namespaces/tools/settings'},
      {name: 'webhooks', path: '/namespaces/tools/webhooks'},
      {
        name: 'new-webhook',
        path: '/namespaces/tools/webhooks',
        open: async () => {
          await page.getByRole('button', {name: 'Make a webhook'}).first().click();
        },
      },
      {name: 'webhook', path: `/webhooks/${id}`},
      {name: 'robots', path: '/robots'},
      {name: 'new-robot', path: '/robots', open: press('Make a robot')},
      {name: 'robot', path: '/robots/ci'},
      {name: 'activities', path: '/activities'},
    ];
    for (const place of places) {
      await lookAt(t, window, place);
    }
    t.deepEqual(window.faults, []);
  },
);
