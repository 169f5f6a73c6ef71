/** What the server has told so far, so that later requests reach deep states. Each list is short: the oldest falls out. */
import type {Random} from '../load/random.ts';
import type {Accounts} from './accounts.ts';
import {brokenDigest, name, repositories, strangeDigest} from './words.ts';

export interface PoolUpload {
  /** Path and query. */
  readonly location: string;
  readonly offset: number;
  /** Of all bytes so far, where the server knew it. */
  readonly digests: readonly string[];
}

const mostKept = 150;

export class Pool {
  /** Absent: the registry has none. */
  readonly accounts: Accounts | undefined;
  readonly uploads: PoolUpload[] = [];
  readonly digests: string[] = [];
  /** Paths at which there is a blob or a manifest, or was. */
  readonly places: string[] = [];
  /** Every upload that is not known to be over, by its path, with an address of it. */
  readonly unfinished = new Map<string, string>();

  constructor(accounts?: Accounts) {
    this.accounts = accounts;
  }

  addUpload(location: string): void {
    const payload = /_state=([\w-]+)\./.exec(location)?.[1] ?? '';
    const {offset, digests} = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    ) as PoolUpload;
    this.uploads.push({location, offset, digests});
    if (this.uploads.length > mostKept) this.uploads.shift();
    this.unfinished.set(location.split('?', 1)[0] ?? '', location);
  }

  addContent(digest: string, place: string): void {
    this.digests.push(digest);
    this.places.push(place);
    if (this.digests.length > mostKept) this.digests.shift();
    if (this.places.length > mostKept) this.places.shift();
  }

  digest(random: Random): string {
    return random.choose([
      [12, () => random.pick(this.digests) ?? strangeDigest(random)],
      [2, () => strangeDigest(random)],
      [1, () => brokenDigest(random)],
    ]);
  }

  /** The address of an upload: the latest more often than older ones, sometimes tampered with. */
  upload(random: Random): PoolUpload {
    const recent = this.uploads.slice(-12);
    const found = random.pick(random.chance(0.7) ? recent : this.uploads);
    if (!found) return {location: `/v2/${name(random)}/blobs/uploads/x`, offset: 0, digests: []};
    if (random.chance(0.92)) return found;
    const {location} = found;
    const at = random.below(location.length);
    const other = random.pick(repositories) ?? '';
    const tampered = random.choose([
      [
        2,
        () =>
          `${location.slice(0, at)}${random.pick(['A', 'a', '0', '-', '_', '.', '/', '%'])}${location.slice(at + 1)}`,
      ],
      [1, () => location.slice(0, at)],
      [1, () => location.replace(/^\/v2\/.*\/blobs\//, `/v2/${other}/blobs/`)],
      [1, () => location.replace(/uploads\/[^?]*/, 'uploads/..')],
      [1, () => location.replace('?', '?_state=&')],
      [1, () => `${location}&${location.split('?')[1] ?? ''}`],
    ]);
    return {...found, location: tampered};
  }
}
