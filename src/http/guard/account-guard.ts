/** auth.mode accounts: each route asks for its scope, of a token or of the account itself. */
import type {Access} from '../../auth/access.ts';
import type {Account} from '../../auth/caller.ts';
import {deniedAccess} from '../../auth/activities/denied-access.ts';
import {refusalDetail} from '../../auth/explain.ts';
import type {Presented} from '../../auth/presented.ts';
import type {Reason} from '../../auth/reason.ts';
import {repositoryScope} from '../../auth/rights.ts';
import {holderOf, stillGrants} from '../../auth/token-holder.ts';
import {RegistryError} from '../../oci/errors.ts';
import type {VerifiedToken} from '../../auth/verified-token.ts';
import {isRepositoryName, type RepositoryName} from '../../oci/name.ts';
import type {Scope} from '../../oci/scope.ts';
import type {Context, Handler, RouteContext} from '../context.ts';
import {loginRefused} from '../login-refused.ts';
import {nameParameter, queryParameter} from '../parameters.ts';
import {presentedOrigin} from '../activity-origin.ts';
import {authenticate} from './authenticate.ts';
import {callerOf} from './caller-of.ts';
import type {Challenger} from './challenge.ts';
import type {Guard} from './guard.ts';
import {type LeaseKeeper, leaseKeeper} from './lease-keeper.ts';
import {mountSource} from './mount-source.ts';

interface AccountGuardOptions {
  readonly access: Access;
  readonly challenger: Challenger;
}

interface Requirement {
  readonly needed: Scope;
  /** What a token is to be got for; may be more than what is needed. */
  readonly asked: readonly Scope[];
}

const catalogScope: Scope = {type: 'registry', name: 'catalog', actions: ['*']};
/** Clients that push look for what is there already, and one token is to do for all of it. */
const pushActions = ['pull', 'push'];

export function accountGuard(options: AccountGuardOptions): Guard {
  const {access} = options;
  const leases = leaseKeeper(options);
  const require = (requirement: (ctx: RouteContext) => Requirement): Handler => {
    return async (ctx, next) => {
      await requireScope(ctx, options, requirement(ctx));
      await next();
    };
  };
  const ofRepository = (action: string, asked: readonly string[]) => (ctx: RouteContext) => {
    const name = nameParameter(ctx);
    return {needed: repositoryScope(name, action), asked: [repositoryScope(name, ...asked)]};
  };
  return {
    login: requireLogin(options),
    catalog: require(() => ({needed: catalogScope, asked: [catalogScope]})),
    pull: require(ofRepository('pull', ['pull'])),
    push: require(ofRepository('push', pushActions)),
    delete: require(ofRepository('delete', ['delete'])),
    startUpload: require(ofMount),
    prepareUpload: prepareUpload(options, leases),
    continueUpload: continueUpload(options, leases),
    putManifest: putManifest(options, leases),
    prepareManifest: prepareManifest(options, leases),
    mountSource: mountSource(access),
    permitManifest: leases.permitManifest,
    visible: async (ctx) => access.rights.visible(await callerOf(ctx, access)),
  };
}

/** `GET /v2/`: the token of an anonymous caller is a login, too. */
function requireLogin({access, challenger}: AccountGuardOptions): Handler {
  return async (ctx, next) => {
    const presented = await authenticate(ctx, access);
    ctx.state.presented = presented;
    if (presented.kind !== 'token' && presented.kind !== 'account') {
      throw refused(ctx, challenger, presented, []);
    }
    await next();
  };
}

function ofMount(ctx: RouteContext): Requirement {
  const name = nameParameter(ctx);
  const from = queryParameter(ctx, 'mount') === undefined ? '' : queryParameter(ctx, 'from');
  return {
    needed: repositoryScope(name, 'push'),
    asked: [
      repositoryScope(name, ...pushActions),
      // Asked for, and not needed: where it is missing the blob is uploaded.
      ...(from && isRepositoryName(from) ? [repositoryScope(from, 'pull')] : []),
    ],
  };
}

function prepareUpload(options: AccountGuardOptions, leases: LeaseKeeper): Handler {
  return async (ctx, next) => {
    const name = nameParameter(ctx);
    const presented = shownBy(ctx);
    await prepare(ctx, options, presented, name);
    await leases.begin(presented, name);
    await next();
    await leases.record(ctx, presented, name);
  };
}

function continueUpload(options: AccountGuardOptions, leases: LeaseKeeper): Handler {
  return async (ctx, next) => {
    const name = nameParameter(ctx);
    const presented = await requirePush(ctx, options, leases, name);
    await next();
    await leases.record(ctx, presented, name);
  };
}

function putManifest(options: AccountGuardOptions, leases: LeaseKeeper): Handler {
  return async (ctx, next) => {
    await requirePush(ctx, options, leases, nameParameter(ctx));
    await next();
  };
}

function prepareManifest(options: AccountGuardOptions, leases: LeaseKeeper): Handler {
  return async (ctx, next) => {
    const name = nameParameter(ctx);
    const presented = shownBy(ctx);
    await prepare(ctx, options, presented, name);
    await next();
    await leases.record(ctx, presented, name);
  };
}

/** With a token that has expired, where its lease lasts. */
async function requirePush(
  ctx: RouteContext,
  options: AccountGuardOptions,
  leases: LeaseKeeper,
  name: RepositoryName,
): Promise<Presented> {
  const needed = repositoryScope(name, 'push');
  const asked = [repositoryScope(name, ...pushActions)];
  return requireScope(ctx, options, {needed, asked}, async (token) =>
    leases.mayContinue(token, name),
  );
}

/** Once its scope was required. */
const shownBy = ({state: {presented}}: Context): Presented => presented ?? {kind: 'nothing'};

type Expired = Extract<Presented, {kind: 'expired-token'}>['token'];

async function requireScope(
  ctx: RouteContext,
  {access, challenger}: AccountGuardOptions,
  {needed, asked}: Requirement,
  mayOutlive: (token: Expired) => Promise<boolean> = async () => Promise.resolve(false),
): Promise<Presented> {
  const presented = await authenticate(ctx, access);
  ctx.state.presented = presented;
  switch (presented.kind) {
    case 'account': {
      const reason = await access.rights.refusal(presented.account, needed);
      if (!reason) return presented;
      access.notes.note(deniedAccess(presented.account, reason, presentedOrigin(ctx)));
      throw denied(presented.account, reason);
    }
    case 'token':
      if (await stillGrants(access, presented.token, needed)) return presented;
      throw challenger.unauthorized(
        ctx,
        asked,
        'insufficient_scope',
        await lacking(ctx, access, presented.token, needed),
      );
    case 'expired-token': {
      const {token} = presented;
      if ((await stillGrants(access, token, needed)) && (await mayOutlive(token))) return presented;
      throw refused(ctx, challenger, presented, asked);
    }
    default:
      throw refused(ctx, challenger, presented, asked);
  }
}

function refused(
  ctx: Context,
  {challenge, unauthorized}: Challenger,
  presented: Presented,
  asked: readonly Scope[],
): RegistryError {
  if (presented.kind === 'nothing') return unauthorized(ctx, asked);
  if (presented.kind === 'refused') return loginRefused(presented.refusal, challenge(ctx, asked));
  return unauthorized(ctx, asked, 'invalid_token');
}

/** Why the realm did not grant it. `undefined`: it would, if it were asked. */
async function lacking(
  ctx: Context,
  {db, rights, notes}: Access,
  token: VerifiedToken,
  needed: Scope,
): Promise<string | undefined> {
  const holder = await holderOf(db, token);
  const reason = holder && (await rights.refusal(holder, needed));
  if (holder && reason) notes.note(deniedAccess(holder, reason, presentedOrigin(ctx)));
  return holder && reason && refusalDetail(holder, reason);
}

const denied = (account: Account, reason: Reason): RegistryError =>
  new RegistryError('DENIED', {detail: refusalDetail(account, reason)});

/** The namespace may have to be made first; most times it is there, and the token has said all. */
async function prepare(
  ctx: Context,
  {access: {db, rights, notes}}: AccountGuardOptions,
  presented: Presented,
  name: RepositoryName,
): Promise<void> {
  const token = 'token' in presented ? presented.token : undefined;
  if (token && (await rights.namespaceOf(name)) !== undefined) return;
  const caller =
    presented.kind === 'account' ? presented.account : token && (await holderOf(db, token));
  if (caller?.kind !== 'account') throw new RegistryError('DENIED');
  const origin = presentedOrigin(ctx, presented);
  const reason = await rights.prepare(caller, name, origin);
  if (!reason) return;
  notes.note(deniedAccess(caller, reason, origin));
  throw denied(caller, reason);
}
