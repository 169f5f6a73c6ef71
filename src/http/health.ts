/** `/healthz`: the process answers. `/readyz`: it can do its work. */
import {setTimeout} from 'node:timers/promises';
import type Router from '@koa/router';
import type {Access} from '../auth/access.ts';
import type {IndexAdministration} from '../auth/administration/context.ts';
import type {Dependency} from '../auth/provider-chain.ts';
import type {Part} from '../config/part.ts';
import type {Share} from '../config/units.ts';
import type {Database} from '../metadata/database.ts';
import {countWaiting} from '../metadata/events/deliveries.ts';
import {waitingSince} from '../metadata/events/waiting-since.ts';
import {errorText} from '../observability/error-text.ts';
import {Repeated} from '../observability/repeated.ts';
import {bytesOf} from '../registry/room.ts';
import {type StorageDriver, StorageError} from '../storage/driver.ts';
import type {CertificateInForce, Certificates} from '../tls/certificates.ts';
import {renewalWindow} from '../tls/layout.ts';
import type {Context, State} from './context.ts';
import {addRole} from './role.ts';

export interface ReadinessCheck {
  readonly name: string;
  /** Whether the rest can work without it: its fault is told, and does not take the server out of use. */
  readonly isOptional?: true;
  /** A sentence for people; throws where the part is not ready. */
  readonly run: () => Promise<string> | string;
}

/** A check that takes longer, in milliseconds, has failed: storage that hangs must not hang the answer too. */
const defaultPatience = 5000;
/** Checks that are asked more often than this, in milliseconds, answer what they answered last. */
const freshness = 1000;

interface CheckedParts {
  readonly db: Database['db'];
  readonly driver: StorageDriver;
  /** Events that may wait for one receiver. */
  readonly maxBacklog: number;
  /** What of it is left free. */
  readonly reserve: Share;
  /** Absent: plain HTTP. */
  readonly certificates: Pick<Certificates, 'current'> | undefined;
  /** Absent: auth.mode none. */
  readonly access: Pick<Access, 'generations' | 'dependencies'> | undefined;
  readonly index: Pick<IndexAdministration, 'status'>;
  readonly only: Part | undefined;
}

/** All that a process needs for its work. */
export const readinessChecks = ({
  db,
  driver,
  maxBacklog,
  reserve,
  certificates,
  access,
  index,
  only,
}: CheckedParts): readonly ReadinessCheck[] => [
  // The realm does without.
  ...(only === 'token'
    ? []
    : [
        storageCheck(driver),
        roomCheck(driver, reserve),
        indexCheck(index),
        notificationsCheck(db, maxBacklog),
      ]),
  certificateCheck(() => certificates?.current().expiresAt),
  ...(certificates ? [renewalCheck(() => certificates.current())] : []),
  ...(access ? [accountsCheck(access.generations), ...access.dependencies.map(providerCheck)] : []),
];

function storageCheck(driver: StorageDriver): ReadinessCheck {
  return {
    name: 'storage',
    run: async () => {
      await driver.check();
      return `${driver.name}: writes, reads and deletes`;
    },
  };
}

/** While less is free than the reserve, pushes are refused, and pulls and deletes go on. How much there is would tell how to fill it. */
function roomCheck(driver: StorageDriver, reserve: Share): ReadinessCheck {
  return {
    name: 'room',
    isOptional: true,
    run: async () => {
      const space = await driver.space?.();
      if (!space) return 'not measured';
      if (space.available > bytesOf(reserve, space.total)) return 'there is room for pushes';
      throw new Error('no more is free than storage.reserve: pushes are refused');
    },
  };
}

/** Without it nothing can be pushed or deleted, and everything pulled. */
function indexCheck(index: Pick<IndexAdministration, 'status'>): ReadinessCheck {
  return {
    name: 'index',
    isOptional: true,
    run: async () => {
      const {isComplete, running, problem} = await index.status().catch((cause: unknown) => {
        // What is wrong in particular names a file: it stands in the log.
        throw new Error('pushes and deletes can not be written down; the log says why', {cause});
      });
      // Why is in the log, and may name files.
      if (!running && problem !== undefined) {
        throw new Error('the last comparison with the storage failed; the log says why');
      }
      // How many there are is for those who may see them.
      if (isComplete) return 'complete';
      if (!running) return 'not complete yet';
      const {repositories: looked, expected} = running;
      if (!expected) return 'being made';
      return `being made, about ${Math.min(99, Math.floor((100 * looked) / expected))} % so far`;
    },
  };
}

/** In milliseconds: so long a receiver may be away before it is told. */
const longestWait = 3_600_000;

/** Which receivers they are is for those who look after them. */
function notificationsCheck(db: Database['db'], maxBacklog: number): ReadinessCheck {
  return {
    name: 'notifications',
    isOptional: true,
    run: async () => {
      for (const [endpoint, count] of await countWaiting(db)) {
        if (count >= maxBacklog) {
          throw new Error('as many events wait for a receiver as may: the oldest are dropped');
        }
        const since = await waitingSince(db, endpoint);
        if (since !== undefined && Date.now() - since > longestWait) {
          throw new Error('a receiver has not been told of an event for more than an hour');
        }
      }
      return 'receivers are told';
    },
  };
}

/** Fails while who was disabled or changed since is not known. */
export function accountsCheck(generations: {readonly status: () => string}): ReadinessCheck {
  return {name: 'accounts', run: () => generations.status()};
}

/** Where people log in; robots, tokens and the people of the others work without it. */
function providerCheck({id, displayName, check}: Dependency): ReadinessCheck {
  return {
    name: `provider ${id}`,
    isOptional: true,
    run: async () => {
      try {
        await check(AbortSignal.timeout(defaultPatience));
      } catch (cause) {
        // What is wrong in particular may name hosts and accounts: it stands in the log.
        throw new Error(`${displayName} can not be asked; the log says why`, {cause});
      }
      return `${displayName} answers`;
    },
  };
}

/** Fails once the certificate has expired, and tells its end before; without TLS there is none. */
export function certificateCheck(expiresAt: () => Date | undefined): ReadinessCheck {
  return {
    name: 'certificate',
    run: () => {
      const end = expiresAt();
      if (!end) return 'plain HTTP, no certificate';
      if (end.getTime() <= Date.now()) throw new Error(`expired ${end.toISOString()}`);
      return `valid until ${end.toISOString()}`;
    },
  };
}

/** In milliseconds: after so long a renewal that is due has failed more than once. */
const overdue = 86_400_000;
/** In milliseconds before its end: of a pair that somebody else has to renew. */
const ownNotice = 14 * 86_400_000;

/** Tells that a certificate ends soon and nothing renews it: there is time left to do something. */
export function renewalCheck(
  current: () => Pick<CertificateInForce, 'expiresAt' | 'source' | 'authorityExpiresAt'>,
): ReadinessCheck {
  return {
    name: 'renewal',
    isOptional: true,
    run: () => {
      const {expiresAt, source, authorityExpiresAt} = current();
      const left = expiresAt.getTime() - Date.now();
      if (authorityExpiresAt && authorityExpiresAt.getTime() - Date.now() < renewalWindow) {
        throw new Error(`the CA ends ${authorityExpiresAt.toISOString()}`);
      }
      if (source === 'files') {
        if (left >= ownNotice) return 'not due';
        throw new Error(
          `the certificate ends ${expiresAt.toISOString()}: put another in its place`,
        );
      }
      if (left >= renewalWindow - overdue) return 'not due';
      throw new Error('the certificate should have been renewed; the log says why it was not');
    },
  };
}

interface Readiness {
  readonly isReady: boolean;
  readonly results: readonly Result[];
}

/** Notes what fails in the log of the request. */
export type AskReadiness = (ctx: Context) => Promise<Readiness>;

/** One for all who ask: what was found a moment ago is told again. */
export function askReadiness(
  checks: readonly ReadinessCheck[],
  {patience = defaultPatience}: {readonly patience?: number} = {},
): AskReadiness {
  const runs = checks.map((check) => patientRun(check, patience));
  // Probes ask every few seconds. The cause may name another file each time.
  const repeated = new Repeated();
  let latest: {readonly at: number; readonly results: Promise<readonly Result[]>} | undefined;
  return async (ctx) => {
    // Not the time of day: set back, it would keep an answer for as long.
    if (!latest || performance.now() - latest.at > freshness) {
      latest = {at: performance.now(), results: Promise.all(runs.map(async (run) => run()))};
    }
    const results = await latest.results;
    const isReady = results.every(({status}) => status !== 'failed');
    for (const {name, status, message, cause} of results) {
      if (status === 'ok') continue;
      const finding = cause === undefined ? message : errorText(cause);
      const times = status === 'failed' ? repeated.tell(`${name}: ${message}`) : undefined;
      if (times) ctx.state.log.warn({check: name, finding, ...times}, 'not ready');
      // Of what is degraded whatever asked the provider has told why.
      const what = status === 'failed' ? 'not ready, in full' : 'ready, but not for all';
      ctx.state.log.debug({check: name, finding, err: cause}, what);
    }
    return {isReady, results};
  };
}

/** `/healthz`, with the role, and `/readyz`. */
export function addHealth(router: Router<State>, ask: AskReadiness): void {
  router.get('health', '/healthz', (ctx) => {
    ctx.body = {status: 'ok'};
  });
  addRole(router);
  router.get('readiness', '/readyz', async (ctx) => {
    const {isReady, results} = await ask(ctx);
    ctx.status = isReady ? 200 : 503;
    const shown = results.map(({name, status, message}) => ({name, status, message}));
    ctx.body = {status: isReady ? 'ok' : 'unavailable', checks: shown};
  });
}

interface Result {
  readonly name: string;
  readonly status: 'ok' | 'failed' | 'degraded';
  readonly message: string;
  /** For the log alone: it may name places on the disk. */
  readonly cause?: unknown;
}

/** One that hangs is not begun a second time beside itself: each would hold a thread. */
function patientRun(check: ReadinessCheck, patience: number): () => Promise<Result> {
  const message = `did not answer within ${patience} ms`;
  const late: Result = {name: check.name, status: faultOf(check), message};
  let running: Promise<Result> | undefined;
  return async () => {
    running ??= runCheck(check).finally(() => {
      running = undefined;
    });
    return Promise.race([running, setTimeout(patience, late, {ref: false})]);
  };
}

const faultOf = ({isOptional}: ReadinessCheck): Result['status'] =>
  isOptional === true ? 'degraded' : 'failed';

async function runCheck(check: ReadinessCheck): Promise<Result> {
  const {name, run} = check;
  const status = faultOf(check);
  try {
    return {name, status: 'ok', message: await run()};
  } catch (cause) {
    if (cause instanceof StorageError) {
      return {name, status, message: `the storage is ${cause.kind}`, cause};
    }
    return {name, status, message: cause instanceof Error ? cause.message : 'failed', cause};
  }
}
