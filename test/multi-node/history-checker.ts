/**
 * Finds what can't be explained by any order of the operations in which each happened between its begin and its end: of a request that was not
 * answered nobody knows whether it happened, and it may happen later.
 */
import type {Anomaly, Operation, Value} from './history.ts';

type Write = Extract<Operation, {readonly kind: 'write'}>;
type Read = Extract<Operation, {readonly kind: 'read'}>;

interface CheckOptions {
  /** Only what was acknowledged by the node that is asked must be seen there, before everything has ended. */
  readonly isSameNode?: boolean;
  /** Operations that begin later are answered from what has ended, whoever is asked. */
  readonly settledAt?: number;
}

/** Its write, and when it had happened at the latest. */
interface Done {
  readonly write: Write;
  readonly by: number;
}

/** What had happened at a time, and which of it began last. */
class Past {
  readonly #done: readonly Done[];
  readonly #latest: readonly Done[];

  constructor(done: readonly Done[]) {
    this.#done = done.filter(({by}) => by < Infinity).toSorted((one, other) => one.by - other.by);
    let latest: Done | undefined;
    this.#latest = this.#done.map((each) => {
      latest = latest && latest.write.begin > each.write.begin ? latest : each;
      return latest;
    });
  }

  latestBefore(time: number): Done | undefined {
    let [low, high] = [0, this.#done.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#done[middle]?.by ?? Infinity) < time) low = middle + 1;
      else high = middle;
    }
    return this.#latest[low - 1];
  }
}

/** A tag of a repository. */
class Register {
  readonly #byValue = new Map<Value, Done[]>();
  readonly #all: Past;
  readonly #ofNode = new Map<string, Past>();
  readonly #options: CheckOptions;

  constructor(writes: readonly Write[], reads: readonly Read[], options: CheckOptions) {
    this.#options = options;
    // A value is written once to a tag; that it is gone is said by many.
    const seen = new Map<Value, number>();
    for (const {value, end} of reads)
      if (value !== undefined) seen.set(value, Math.min(end, seen.get(value) ?? Infinity));
    const done = writes.map((write) => ({
      write,
      by: Math.min(
        write.isAcknowledged ? write.end : Infinity,
        write.value === undefined ? Infinity : (seen.get(write.value) ?? Infinity),
      ),
    }));
    for (const each of done) {
      const same = this.#byValue.get(each.write.value) ?? [];
      this.#byValue.set(each.write.value, [...same, each]);
    }
    this.#all = new Past(done);
    for (const node of new Set(writes.map((write) => write.node)))
      this.#ofNode.set(
        node,
        new Past(
          done
            .filter(({write}) => write.node === node)
            .map(({write}) => ({write, by: write.isAcknowledged ? write.end : Infinity})),
        ),
      );
  }

  /** Why it can't have been this value. */
  judge(operation: Operation, value: Value): Anomaly | undefined {
    const written = this.#byValue.get(value) ?? [];
    const last = this.#pastOf(operation).latestBefore(operation.begin);
    const isPossible = written.some(
      ({write, by}) => write.begin < operation.end && !(last && last.write.begin > by),
    );
    if (isPossible || (value === undefined && !last)) return undefined;
    if (value !== undefined && !written.some(({write}) => write.begin < operation.end))
      return {kind: 'value from nowhere', operation};
    const kind =
      value === undefined
        ? 'lost write'
        : last?.write.value === undefined
          ? 'deleted tag came back'
          : 'stale tag';
    return {kind, operation, ...(last ? {against: last.write} : {})};
  }

  /** Of a list, which does not tell what the tag is. */
  judgePresence(operation: Operation): Anomaly | undefined {
    // Of thousands it is nearly always the last one.
    const last = this.#pastOf(operation).latestBefore(operation.begin)?.write.value;
    if (last !== undefined && !this.judge(operation, last)) return undefined;
    const values = [...this.#byValue.keys()].filter((value) => value !== undefined);
    const judged = values.map((value) => this.judge(operation, value));
    if (judged.includes(undefined)) return undefined;
    const deleted = judged.find((each) => each?.kind === 'deleted tag came back');
    return deleted ?? judged[0] ?? {kind: 'value from nowhere', operation};
  }

  #pastOf({begin, node}: Operation): Past {
    const {isSameNode = false, settledAt = Infinity} = this.#options;
    if (!isSameNode || begin >= settledAt) return this.#all;
    return this.#ofNode.get(node) ?? new Past([]);
  }
}

export function findAnomalies(
  history: readonly Operation[],
  options: CheckOptions = {},
): readonly Anomaly[] {
  const found = [...tagAnomalies(history, options), ...contentAnomalies(history)];
  for (const operation of history)
    if (operation.kind === 'surprise') found.push({kind: 'surprising answer', operation});
  return found;
}

function tagAnomalies(history: readonly Operation[], options: CheckOptions): Anomaly[] {
  const writes = Map.groupBy(history.filter(isWrite), placeOf);
  const reads = Map.groupBy(history.filter(isRead), placeOf);
  const tagsOf = new Map<string, Map<string, Register>>();
  const found: (Anomaly | undefined)[] = [];
  for (const place of new Set([...writes.keys(), ...reads.keys()])) {
    const [repository = '', tag = ''] = place.split(':');
    const ofPlace = reads.get(place) ?? [];
    const register = new Register(writes.get(place) ?? [], ofPlace, options);
    for (const read of ofPlace) found.push(register.judge(read, read.value));
    const known = tagsOf.get(repository) ?? new Map<string, Register>();
    tagsOf.set(repository, known.set(tag, register));
  }
  for (const operation of history) {
    if (operation.kind !== 'list') continue;
    const listed = new Set(operation.tags);
    const known = tagsOf.get(operation.repository) ?? new Map<string, Register>();
    for (const [tag, register] of known)
      found.push(
        listed.has(tag) ? register.judgePresence(operation) : register.judge(operation, undefined),
      );
    if (operation.tags.some((tag) => !known.has(tag)))
      found.push({kind: 'value from nowhere', operation});
  }
  return found.filter((each) => each !== undefined);
}

function contentAnomalies(history: readonly Operation[]): Anomaly[] {
  const puts = new Map<string, Operation>();
  for (const operation of history)
    if (operation.kind === 'put' && operation.isAcknowledged) {
      const before = puts.get(operation.path);
      if (!before || before.end > operation.end) puts.set(operation.path, operation);
    }
  return history.flatMap((operation): Anomaly[] => {
    if (operation.kind !== 'get') return [];
    if (operation.found === 'wrong') return [{kind: 'wrong bytes', operation}];
    const put = puts.get(operation.path);
    return operation.found === 'nothing' && put && put.end < operation.begin
      ? [{kind: 'lost content', operation, against: put}]
      : [];
  });
}

const isWrite = (operation: Operation): operation is Write => operation.kind === 'write';
const isRead = (operation: Operation): operation is Read => operation.kind === 'read';
const placeOf = ({repository, tag}: Write | Read): string => `${repository}:${tag}`;
