/** `POST /v2/webhooks/events`: another registry on the same storage tells of what it has changed there. */
import {hash, timingSafeEqual} from 'node:crypto';
import {isWhole} from '../../auth/caller.ts';
import type {Login, Logins} from '../../auth/login.ts';
import type {Config} from '../../config/schema.ts';
import {RegistryError} from '../../oci/errors.ts';
import {ownAgent} from '../../notifications/message.ts';
import {bareMediaType} from '../../oci/media-types.ts';
import type {TakeReports} from '../../registry/index/reported-changes.ts';
import {parseAuthorization} from '../basic.ts';
import type {Context, Handler} from '../context.ts';
import {loginRefused} from '../login-refused.ts';
import {originOf} from '../origin.ts';
import {readBody} from '../request-body.ts';
import {requestSignal} from '../request-signal.ts';
import {readEnvelope} from './envelope.ts';

interface ReceiveOptions {
  readonly take: TakeReports;
  readonly token: Config['notifications']['incoming']['token'];
  /** Absent: auth.mode none. */
  readonly logins: Logins | undefined;
  /** In milliseconds. */
  readonly idleTimeout: number;
}

const types: ReadonlySet<string> = new Set([
  'application/vnd.docker.distribution.events.v1+json',
  'application/vnd.docker.distribution.events.v2+json',
  'application/json',
]);
/** In bytes. */
const longest = 4 * 1024 * 1024;
const challenge = 'Basic realm="events", charset="UTF-8"';

export const receiveEvents = ({take, token, logins, idleTimeout}: ReceiveOptions): Handler => {
  const proof = token === undefined ? undefined : digestOf(token);
  return async (ctx) => {
    await requireSender(ctx, {proof, logins});
    if (!types.has(bareMediaType(ctx.get('Content-Type')).toLowerCase())) {
      throw new RegistryError('EVENTS_INVALID', {
        message: `the Content-Type must be one of ${[...types].join(', ')}`,
      });
    }
    const tooLarge = new RegistryError('EVENTS_TOO_LARGE');
    const {told, ignored, bad} = readEnvelope(
      await readBody(ctx, {maxBytes: longest, idleTimeout, tooLarge}),
    );
    const {request} = originOf(ctx);
    // Two that tell each other of everything would never end.
    const isTold = ctx.get('User-Agent') !== ownAgent;
    const taken = await take(
      told.map(({actor, ...report}) => ({...report, origin: {actor, request}, isTold})),
    );
    const counts = {taken, known: told.length - taken, ignored, bad};
    ctx.state.log.info(counts, 'events of another registry received');
    ctx.body = counts;
  };
};

interface Proofs {
  readonly proof: Buffer | undefined;
  readonly logins: Logins | undefined;
}

/** Throws UNAUTHORIZED, DENIED or TOOMANYREQUESTS, before a byte of the body is read. */
async function requireSender(ctx: Context, {proof, logins}: Proofs): Promise<void> {
  const authorization = parseAuthorization(ctx.get('Authorization'));
  if (authorization.kind === 'bearer' && proof) {
    if (timingSafeEqual(digestOf(authorization.token), proof)) return;
  }
  if (authorization.kind !== 'basic' || !logins) throw unauthorized();
  const {username, password} = authorization;
  const {address} = ctx.state.client;
  const login: Login = await logins.login({username, password, address}, requestSignal(ctx));
  if (login.outcome === 'refused') throw loginRefused(login, challenge);
  const {account, isShortLived = false} = login;
  ctx.state.presented = {kind: 'account', account};
  if (!account.isAdmin || !isWhole(account) || isShortLived) {
    throw new RegistryError('DENIED', {message: 'only an admin may tell of events'});
  }
}

/** Of one length, whatever was sent. */
const digestOf = (text: string): Buffer => hash('sha256', text, 'buffer');

const unauthorized = (): RegistryError =>
  new RegistryError('UNAUTHORIZED', {
    message: 'send the token of notifications.incoming by Bearer, or name and password of an admin',
    headers: {'WWW-Authenticate': challenge},
  });
