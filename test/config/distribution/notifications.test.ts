import test from 'ava';
import {notificationRows} from '../../../src/config/distribution/notification-rows.ts';
import {applyRows} from '../../../src/config/distribution/draft.ts';
import {configSchema} from '../../../src/config/schema.ts';

const translated = (notifications: object) =>
  applyRows(notificationRows, {
    tree: {notifications},
    tokenServer: new Map(),
    originOf: () => ({kind: 'default'}),
    isDecided: () => false,
  });

test("Distribution's endpoints are told the same here", (t) => {
  const {settings, warnings} = translated({
    events: {includereferences: true},
    endpoints: [
      {
        name: 'CI Server',
        url: 'https://bot:p%40ss@ci.example.org/hook?x=1',
        headers: {Authorization: ['Bearer abc'], 'X-Two': ['a', 'b']},
        timeout: '1m30s',
        threshold: 5,
        backoff: '1s',
        ignoredmediatypes: ['application/octet-stream'],
        ignore: {mediatypes: ['text/plain'], actions: ['pull', 'mount']},
      },
      {name: 'off', disabled: true, url: 'http://portus/v2/webhooks/events'},
      {url: 'http://nameless/', ignore: {actions: ['push', 'pull', 'mount', 'delete']}},
    ],
  });
  t.deepEqual(warnings, []);
  const [setting] = settings;
  t.is(setting?.setting, 'notifications.endpoints');
  t.deepEqual(setting?.value, [
    {
      name: 'ci-server',
      url: 'https://ci.example.org/hook?x=1',
      actions: ['push', 'delete'],
      ignoreMediaTypes: ['application/octet-stream', 'text/plain'],
      timeout: '90s',
      headers: {Authorization: ['Bearer abc'], 'X-Two': ['a', 'b']},
      username: 'bot',
      password: 'p@ss',
      references: true,
    },
    {name: 'off', url: 'http://portus/v2/webhooks/events', enabled: false, references: true},
    {name: 'endpoint-3', url: 'http://nameless/', enabled: false, references: true},
  ]);
  t.true(configSchema.safeParse({notifications: {endpoints: setting?.value}}).success);
});
