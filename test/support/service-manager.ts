/** The two things that systemd does for a service, done by a few lines of Python: it hears reports, and keeps sockets open. */
import {type CommandResult, run} from './command.ts';
import type {Lifetime} from './lifetime.ts';
import {type Service, startService} from './service.ts';

const receiver = `
import json, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
name = sys.argv[1]
s.bind('\\0' + name[1:] if name[0] == '@' else name)
print('bound', flush=True)
while True:
    text, fds, _, _ = socket.recv_fds(s, 65536, 8)
    for fd in fds: os.close(fd)
    print('heard ' + json.dumps(text.decode()), flush=True)
`;

export interface Heard {
  /** The reports so far, each with its lines; those that only ask whether all was read are left out. */
  readonly reports: () => readonly string[];
}

/** Listens there for reports: a path, or `@` and a name. */
export async function hearReports(life: Lifetime, socket: string): Promise<Heard> {
  const service = await startService(life, 'python3', ['-c', receiver, socket], {ready: /bound/});
  return {
    reports: () =>
      [...service.output().matchAll(/^heard (.*)$/gm)]
        .map(([, text = '']) => JSON.parse(text) as string)
        .filter((text) => text !== 'BARRIER=1'),
  };
}

const opener = `
import os, socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('127.0.0.1', int(sys.argv[1])))
s.listen(4096)
def become():
    os.dup2(s.fileno(), 3)
    os.set_inheritable(3, True)
    os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
    os.execvp(sys.argv[2], sys.argv[2:])
`;

const holder = `${opener}
import signal
signals = {signal.SIGUSR1, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
def start():
    pid = os.fork()
    if pid: return pid
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    become()
pid = start()
while True:
    got = signal.sigwait(signals)
    os.kill(pid, signal.SIGTERM)
    print('ended', os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
    if got == signal.SIGTERM: break
    pid = start()
`;

export interface Held extends Service {
  /** Ends the program and starts it once more; the socket stays open. */
  restart(): Promise<void>;
  /** With what it ended, each time. */
  endings(): readonly string[];
}

/** Runs a program with the socket of a port of this host, to its end. */
export const runOnSocket = async (
  port: number,
  command: readonly string[],
  cwd: string,
): Promise<CommandResult> =>
  run('python3', ['-c', `${opener}become()`, String(port), ...command], {cwd, allowFailure: true});

/** Starts a program with the socket of a port of this host. */
export async function holdSocket(
  life: Lifetime,
  port: number,
  command: readonly string[],
  options: {readonly cwd: string; readonly ready: RegExp; readonly env?: Record<string, string>},
): Promise<Held> {
  const words = ['-c', holder, String(port), ...command];
  const service = await startService(life, 'python3', words, options);
  return {
    ...service,
    restart: async () => {
      await run('kill', ['-USR1', String(service.pid)]);
    },
    endings: () => [...service.output().matchAll(/^ended (-?\d+)$/gm)].map(([, code = '']) => code),
  };
}
