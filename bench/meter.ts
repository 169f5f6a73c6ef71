/** What a process used between two moments: its peak of memory and its processor time, as Linux tells them. */
import {readFile, writeFile} from 'node:fs/promises';

export type Usage = {
  /** The most memory that was resident at once, of all its pages; bytes. */
  readonly peakBytes?: number;
  readonly cpuSeconds?: number;
};

/** Of a clock tick in /proc: USER_HZ is 100 on every Linux. */
const ticksPerSecond = 100;

/** What a process has used since it was started. */
export async function usageOf(pid: number | undefined): Promise<Usage> {
  if (pid === undefined) return {};
  return usage(await peakOf(pid), await cpuOf(pid));
}

/** Starts to watch; the answer ends it. A process that cannot be watched used nothing that is known. */
export async function watch(pid: number | undefined): Promise<() => Promise<Usage>> {
  if (pid === undefined) return () => Promise.resolve({});
  const before = await cpuOf(pid);
  // 5 forgets the peak so far. Where that is refused, the peak would be that of an earlier measurement.
  const forgotten = await writeFile(`/proc/${pid}/clear_refs`, '5').then(
    () => true,
    () => false,
  );
  return async () => {
    const after = await cpuOf(pid);
    const cpuSeconds = before === undefined || after === undefined ? undefined : after - before;
    return usage(forgotten ? await peakOf(pid) : undefined, cpuSeconds);
  };
}

function usage(peakBytes: number | undefined, cpuSeconds: number | undefined): Usage {
  return {
    ...(peakBytes === undefined ? {} : {peakBytes}),
    ...(cpuSeconds === undefined ? {} : {cpuSeconds}),
  };
}

async function peakOf(pid: number): Promise<number | undefined> {
  const text = await readOf(pid, 'status');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(text ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

async function cpuOf(pid: number): Promise<number | undefined> {
  const text = await readOf(pid, 'stat');
  // The name in brackets may hold blanks: fields are counted from behind it.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields?.[11], fields?.[12]];
  if (user === undefined || system === undefined) return undefined;
  return (Number(user) + Number(system)) / ticksPerSecond;
}

function readOf(pid: number, file: string): Promise<string | undefined> {
  return readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => undefined);
}
