/** `holdfast webhook ...`: who is told of what happens in a namespace. */
import type {Command} from 'commander';
import {
  listWebhookDeliveries,
  resendDelivery,
  showDelivery,
  testWebhook,
} from '../auth/administration/deliveries.ts';
import {
  addWebhook,
  changeWebhook,
  listAllWebhooks,
  removeWebhook,
  showWebhook,
} from '../auth/administration/webhooks.ts';
import {readText, withoutLastNewline} from '../config/file.ts';
import {administer} from './administration.ts';
import {Failure} from './failure.ts';
import {moment, print, properties, table, yes} from './output.ts';
import {confirm} from './terminal.ts';
import {
  choice,
  collect,
  count,
  type Destructive,
  destructiveVerb,
  type Printing,
  verb,
} from './verb.ts';

const examples = `
What is told: push, pull, mount, delete, tag; push and delete unless --action says otherwise.
Formats: distribution (a list of events, as Distribution sends it), event (one of them, as Portus
did), cloudevents.

Examples:
  holdfast webhook create tools ci https://ci.example.org/hooks --secret-file secret.txt
  holdfast webhook create tools chat https://chat.example.org/x --action push --repository app
  holdfast webhook test 6f0c...
  holdfast webhook deliveries 6f0c... --state failed
  holdfast webhook resend 6f0c... 91ab...
`;

type Shape = {
  readonly method?: 'post' | 'get';
  readonly contentType?: 'json' | 'form';
  readonly format?: 'event' | 'distribution' | 'cloudevents';
  readonly action?: ('push' | 'pull' | 'mount' | 'delete' | 'tag')[];
  readonly repository?: string[];
  readonly mediaType?: string[];
  readonly header?: string[];
  readonly username?: string;
  readonly passwordFile?: string;
  readonly secretFile?: string;
};

interface ChangeOptions extends Shape, Printing {
  readonly name?: string;
  readonly url?: string;
  readonly enable?: true;
  readonly disable?: true;
}

function secretIn(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const read = readText(path) ?? {failure: 'does not exist'};
  if ('failure' in read) throw new Failure(`${path} ${read.failure}`, {code: 2});
  return withoutLastNewline(read.text);
}

function headerOf(text: string): {name: string; value: string} {
  const colon = text.indexOf(':');
  if (colon > 0) return {name: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim()};
  throw new Failure(`--header ${text}: it must be NAME: VALUE`, {code: 2});
}

function shapeOf(options: Shape) {
  const {method, contentType, format, username} = options;
  return {
    method,
    contentType,
    format,
    username,
    actions: options.action,
    repositories: options.repository,
    mediaTypes: options.mediaType,
    headers: options.header?.map(headerOf),
    password: secretIn(options.passwordFile),
    secret: secretIn(options.secretFile),
  };
}

async function create(
  namespace: string,
  name: string,
  url: string,
  options: Shape & Printing,
  command: Command,
): Promise<void> {
  const input = {namespace, name, url, ...shapeOf(options)};
  const made = await administer(command, addWebhook, input);
  print(made, options, () => `made the webhook ${made.id} of the namespace ${made.namespace}`);
}

async function list(
  {namespace, ...options}: Printing & {readonly namespace?: string},
  command: Command,
): Promise<void> {
  const {webhooks, endpoints} = await administer(command, listAllWebhooks, {namespace});
  print({webhooks, endpoints}, options, () =>
    table(
      ['ID', 'NAMESPACE', 'NAME', 'URL', 'EVENTS', 'ENABLED'],
      [
        ...webhooks.map((each) => [
          each.id,
          each.namespace,
          each.name,
          each.url,
          each.actions.join(','),
          yes(each.isEnabled),
        ]),
        // Of the configuration: told of all namespaces.
        ...endpoints.map(({id, url, actions, isEnabled}) => [
          id,
          undefined,
          undefined,
          url,
          actions.join(','),
          yes(isEnabled),
        ]),
      ],
    ),
  );
}

async function show(id: string, options: Printing, command: Command): Promise<void> {
  const found = await administer(command, showWebhook, {id});
  print(found, options, () =>
    properties([
      ['id', found.id],
      ['namespace', found.namespace],
      ['name', found.name],
      ['url', found.url],
      ['method', found.method],
      ['format', found.format],
      ['content type', found.format === 'event' ? found.contentType : undefined],
      ['events', found.actions.join(', ')],
      ['repositories', found.repositories.join(', ') || 'all'],
      ['media types', found.mediaTypes.join(', ') || 'all'],
      ['headers', found.headers.join(', ')],
      ['username', found.username],
      ['signed', yes(found.hasSecret)],
      ['enabled', yes(found.isEnabled)],
      ['made', moment(found.createdAt)],
    ]),
  );
}

async function change(id: string, options: ChangeOptions, command: Command): Promise<void> {
  const {name, url, enable, disable} = options;
  const isEnabled = enable ?? (disable === true ? false : undefined);
  const input = {id, name, url, isEnabled, ...shapeOf(options)};
  const changed = await administer(command, changeWebhook, input);
  print(changed, options, () => `changed the webhook ${changed.name}`);
}

async function remove(id: string, options: Destructive, command: Command): Promise<void> {
  await confirm(options, `Delete the webhook ${JSON.stringify(id)} with its deliveries?`);
  const gone = await administer(command, removeWebhook, {id});
  print(gone, options, () => `deleted the webhook ${gone.name}`);
}

async function tryOut(id: string, options: Printing, command: Command): Promise<void> {
  const trial = await administer(command, testWebhook, {id});
  print(
    trial,
    options,
    () => `sent: see what became of it with holdfast webhook delivery ${id} ${trial.id}`,
  );
}

interface DeliveriesOptions extends Printing {
  readonly state?: 'waiting' | 'delivered' | 'failed' | 'dropped';
  readonly limit: number;
}

async function deliveries(
  id: string,
  {state, limit, ...options}: DeliveriesOptions,
  command: Command,
): Promise<void> {
  const found = await administer(command, listWebhookDeliveries, {id, state, limit});
  print(found, options, () =>
    table(
      ['ID', 'AT', 'EVENT', 'REPOSITORY', 'STATE', 'TRIED', 'STATUS', 'PROBLEM'],
      found.deliveries.map((each) => [
        each.id,
        moment(each.createdAt),
        each.action,
        each.repository,
        each.state,
        String(each.attempts),
        each.status === undefined ? undefined : String(each.status),
        each.problem,
      ]),
    ),
  );
}

async function delivery(
  id: string,
  called: string,
  options: Printing,
  command: Command,
): Promise<void> {
  const found = await administer(command, showDelivery, {id, delivery: called});
  const {request, response} = found;
  print(found, options, () =>
    properties([
      ['event', `${found.action} in ${found.repository}`],
      ['state', found.state],
      ['tried', String(found.attempts)],
      ['next', moment(found.dueAt)],
      ['problem', found.problem],
      ['sent', request && `${request.method} ${request.url}\n${request.body}`],
      ['answer', response && `${response.status}\n${response.body}`],
    ]),
  );
}

async function resend(
  id: string,
  called: string,
  options: Printing,
  command: Command,
): Promise<void> {
  const again = await administer(command, resendDelivery, {id, delivery: called});
  print(again, options, () => `it is sent once more, as the delivery ${again.id}`);
}

const withShape = (command: Command): Command =>
  command
    .addOption(
      choice('--format <format>', 'what is sent', ['distribution', 'event', 'cloudevents']),
    )
    .option('--action <action>', 'what is told of; may be repeated', collect)
    .option(
      '--repository <pattern>',
      'below the namespace; may be repeated (default: all)',
      collect,
    )
    .option('--media-type <type>', 'of manifests; may be repeated (default: all)', collect)
    .addOption(choice('--method <method>', 'how it is sent', ['post', 'get']))
    .addOption(choice('--content-type <type>', 'of the format event', ['json', 'form']))
    .option('--header <header>', 'NAME: VALUE, sent along; may be repeated', collect)
    .option('--username <name>', 'for basic authentication')
    .option('--password-file <file>', 'the password for that')
    .option('--secret-file <file>', 'what signs the messages');

export function webhookCommand(webhook: Command): void {
  withShape(verb(webhook, 'create <namespace> <name> <url>', 'make a webhook')).action(create);
  verb(webhook, 'list', 'list webhooks')
    .option('--namespace <namespace>', 'those of one namespace alone')
    .action(list);
  verb(webhook, 'show <id>', 'show a webhook').action(show);
  withShape(verb(webhook, 'change <id>', 'change a webhook'))
    .option('--name <name>', 'another name')
    .option('--url <url>', 'another address')
    .option('--enable', 'switch it on')
    .option('--disable', 'switch it off')
    .action(change);
  destructiveVerb(webhook, 'delete <id>', 'delete a webhook with its deliveries').action(remove);
  verb(webhook, 'test <id>', 'send it an event of the action test').action(tryOut);
  verb(webhook, 'deliveries <id>', 'list what it was sent, the newest first')
    .addOption(
      choice('--state <state>', 'those in one state alone', [
        'waiting',
        'delivered',
        'failed',
        'dropped',
      ]),
    )
    .option('--limit <number>', 'how many', count(200), 50)
    .action(deliveries);
  verb(webhook, 'delivery <id> <delivery>', 'show what was sent and answered').action(delivery);
  verb(webhook, 'resend <id> <delivery>', 'send the same event once more').action(resend);
  webhook.addHelpText('after', examples);
}
