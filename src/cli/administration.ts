/** Operations of the administration out of a command: by a server that is named, through the one of the data directory, or where none runs, on the database itself. */
import {once} from 'node:events';
import type {IncomingMessage} from 'node:http';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import type {Command} from 'commander';
import {z} from 'zod';
import {AdministrationError} from '../auth/administration/administration-error.ts';
import type {AdministrationContext, IndexContext} from '../auth/administration/context.ts';
import type {Operation} from '../auth/administration/operation.ts';
import type {OpenAdministration} from '../auth/open-administration.ts';
import {dataPaths, runDirectory} from '../config/data-directory.ts';
import type {Config} from '../config/schema.ts';
import {
  operatorHeader,
  requireSocket,
  socketName,
  withShortPath,
} from '../http/administration-socket.ts';
import {errorCode} from '../host/error-code.ts';
import {placeOf, titleOf} from '../metadata/place.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import type {Place} from './data-directory.ts';
import {operatorHere, systemUser} from './operator.ts';
import {requireNoOtherNode} from './other-node.ts';
import {serverOf} from './remote/server.ts';

/**
 * Resolves with the answer; rejects with a Failure that has the sentence for a person. `onAlone` hears why no server did it, and in which data
 * directory it was done.
 */
export async function administer<I extends z.ZodType, O extends z.ZodType>(
  command: Command,
  operation: Operation<I, O, AdministrationContext & IndexContext>,
  input: z.input<I>,
  onAlone: (reason: string, directory: string) => void = () => undefined,
): Promise<z.output<O>> {
  const server = serverOf(command);
  if (server) {
    const {askElsewhere} = await import('./remote/ask-elsewhere.ts');
    return askElsewhere(server, operation, input);
  }
  return namingOptions(command, async () => {
    const answer = await throughServer(command, operation, input);
    if (answer !== undefined) return answer;
    const place = loadFor(command);
    const {config} = place;
    const hasServer = (await askSocketOf(config, 'index status')) !== undefined;
    const reason = hasServer ? 'a server without accounts runs' : 'no server runs';
    tellPlace(command, `${reason}, the database is opened: ${titleOf(placeOf(config))}`);
    const done = await workAlone(place, operation, input);
    onAlone(reason, dataPaths(config).root);
    return done;
  });
}

/** With --verbose. */
export function tellPlace(command: Command, place: string): void {
  const {verbose} = command.optsWithGlobals<{verbose?: true}>();
  if (verbose === true) process.stderr.write(`holdfast: ${place}\n`);
}

/** As `administer`, through the running server alone, whose AdministrationError is as it is. `undefined`: none runs. */
export async function throughServer<I extends z.ZodType, O extends z.ZodType, C>(
  command: Command,
  operation: Operation<I, O, C>,
  input: z.input<I>,
): Promise<z.output<O> | undefined> {
  const path = join(runDirectory(loadFor(command).config), socketName);
  const answer = await askServer(path, operation.name, input);
  if (answer === undefined) return undefined;
  tellPlace(command, `the running server was asked: ${path}`);
  return operation.output.parse(answer);
}

/** What is not as it must be becomes a Failure that tells it as the command line calls it. */
export async function namingOptions<T>(command: Command, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AdministrationError) || error.code !== 'invalid') throw error;
    throw new Failure(withOptions(error.message, command), {code: 2, cause: error});
  }
}

/** `--expires-in` and not `expiresIn`. */
function withOptions(message: string, command: Command): string {
  return message.replaceAll(/(?<=^|; )([A-Za-z]+)(?:\.\d+)?(?= )/g, (place, field: string) => {
    const option = command.options.find((each) => field.replace(/s$/, '') === each.attributeName());
    const exact = command.options.find((each) => field === each.attributeName());
    return (exact ?? option)?.long ?? place;
  });
}

const refusal = z.object({error: z.object({code: z.string(), message: z.string()})});

/** `undefined`: no server runs that could do it. */
async function askServer(path: string, name: string, input: unknown): Promise<unknown> {
  let response: {status: number | undefined; body: string};
  try {
    // Mostly there is none, and what asks one takes long to load.
    await requireSocket(path);
    response = await withShortPath(path, async (short) => send(short, name, input));
  } catch (error) {
    const code = errorCode(error) ?? 'error';
    if (code === 'ENOENT' || code === 'ECONNREFUSED' || code === 'ENOTDIR') return undefined;
    const message =
      code === 'EACCES' || code === 'EPERM'
        ? `${path} belongs to another user: run this command as the user that runs holdfast, or as root`
        : `the server at ${path} gave no answer (${code}): whether it did it is not known`;
    throw new Failure(message, {cause: error});
  }
  const answer: unknown = JSON.parse(response.body);
  if (response.status === 200) return answer;
  const {code, message} = refusal.parse(answer).error;
  if (code === 'no-accounts') return undefined;
  if (code === 'invalid') throw new AdministrationError('invalid', message);
  throw new Failure(message);
}

/** Whether a server of this data directory answers, and has accounts. */
export const isServerRunning = async (config: Config): Promise<boolean> =>
  (await askSocketOf(config, 'database show')) !== undefined;

const askSocketOf = async (config: Config, question: string): Promise<unknown> =>
  askServer(join(runDirectory(config), socketName), question, {});

async function send(path: string, name: string, input: unknown) {
  const {request} = await import('node:http');
  const asked = request({
    socketPath: path,
    method: 'POST',
    path: `/operations/${name.replace(' ', '/')}`,
    headers: {
      'Content-Type': 'application/json',
      Host: 'localhost',
      [operatorHeader]: systemUser(),
    },
    agent: false,
  });
  // A server that refuses what is too long answers before it has read all, and closes: its answer counts.
  asked.on('error', () => undefined);
  const answered = once(asked, 'response');
  asked.end(JSON.stringify(input));
  const [response] = (await answered) as [IncomingMessage];
  return {status: response.statusCode, body: await text(response)};
}

async function workAlone<I extends z.ZodType, O extends z.ZodType>(
  place: Place,
  operation: Operation<I, O, AdministrationContext & IndexContext>,
  input: unknown,
): Promise<z.output<O>> {
  // Before a data directory is made for it.
  operation.check(input);
  await requireNoOtherNode(place.config);
  await using administration = await openFor(place, operation.name);
  return await operation.perform(administration.context, operatorHere(), input);
}

/**
 * The engine and what it needs are loaded where they are needed. Not in the function above: in one with `using` TypeScript leaves the name
 * of the file as it is, and what is built has no such file.
 */
async function openFor(place: Place, operation: string): Promise<OpenAdministration> {
  const {openAlone} = await import('./administration-alone.ts');
  return openAlone(place, operation);
}
