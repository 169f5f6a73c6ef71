/** What systemd, or whoever speaks its protocol, tells a service by variables: where to report to, how often, and which sockets it has opened. */

export interface ServiceManager {
  /** Absent: nobody waits for reports. */
  readonly notify?: {
    /** A path, or with `@` in front a name without a file. */
    readonly socket: string;
    /** Where programs are looked for. */
    readonly path: string | undefined;
    /** In milliseconds: after so long without a sign of life the process is killed. */
    readonly watchdog: number | undefined;
  };
  /** Open descriptors of sockets. */
  readonly descriptors: readonly number[];
  /** Set where sockets were meant for the process with this number, which is not this one. */
  readonly meantFor?: number;
}

interface OwnProcess {
  readonly pid: number;
  readonly parent: number;
  /** Whether the parent was started by the service manager, and has handed everything on. */
  readonly isRelayed: boolean;
}

const variables = [
  'NOTIFY_SOCKET',
  'WATCHDOG_USEC',
  'WATCHDOG_PID',
  'LISTEN_FDS',
  'LISTEN_PID',
  'LISTEN_FDNAMES',
] as const;

/** Those below it are the three that every process has. */
const firstDescriptor = 3;

/** Takes the variables out of the environment: what is started later must not take them for its own. */
export function takeServiceManager(
  env: Record<string, string | undefined>,
  {pid, parent, isRelayed}: OwnProcess,
): ServiceManager {
  const given = Object.fromEntries(variables.map((name) => [name, env[name]]));
  for (const name of variables) Reflect.deleteProperty(env, name);
  const isOurs = (text: string | undefined): boolean =>
    Number(text) === pid || (isRelayed && Number(text) === parent);
  const {NOTIFY_SOCKET: socket = '', WATCHDOG_USEC, WATCHDOG_PID, LISTEN_FDS, LISTEN_PID} = given;
  const isWatched = WATCHDOG_PID === undefined || isOurs(WATCHDOG_PID);
  const watchdog =
    isWatched && Number(WATCHDOG_USEC) > 0 ? Number(WATCHDOG_USEC) / 1000 : undefined;
  const count = Number.isInteger(Number(LISTEN_FDS)) ? Math.max(0, Number(LISTEN_FDS)) : 0;
  const descriptors = isOurs(LISTEN_PID) ? countedFrom(firstDescriptor, count) : [];
  return {
    descriptors,
    ...(socket === '' ? {} : {notify: {socket, path: env['PATH'], watchdog}}),
    ...(count > descriptors.length ? {meantFor: Number(LISTEN_PID)} : {}),
  };
}

const countedFrom = (first: number, count: number): readonly number[] =>
  Array.from({length: count}, (_, index) => first + index);
