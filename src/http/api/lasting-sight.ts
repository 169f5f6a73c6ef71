/** What somebody may see while an answer to him lasts: his rights may change meanwhile, and his account may go. */
import type {Span} from '../../metadata/content/span.ts';
import type {Asker} from './asker.ts';
import type {ContentOptions} from './content-options.ts';
import {spanOf} from './repository-sight.ts';

type Sighted = Pick<ContentOptions, 'rights' | 'config' | 'generations' | 'now'>;

export class LastingSight {
  readonly #options: Sighted;
  readonly #asker: Asker;
  #span: {readonly era: number | undefined; readonly of: Span} | undefined;

  constructor(options: Sighted, asker: Asker) {
    this.#options = options;
    this.#asker = asker;
  }

  /** Whether he may still be answered at all. What has changed elsewhere is noticed within a second. */
  async lasts(): Promise<boolean> {
    const {generations, now} = this.#options;
    const {caller, stillCounts, expiresAt = Infinity} = this.#asker;
    if (!generations || caller.kind === 'anonymous') return true;
    if (expiresAt <= now().getTime()) return false;
    const {id: accountId, generation} = caller;
    // To delete a token raises the generation of its account, and to leave a session does not.
    const isCurrent = await generations.isCurrent({accountId, generation});
    return isCurrent && (stillCounts === undefined || (await stillCounts()));
  }

  /** Read anew after each change of an account, a team or a namespace. */
  async span(): Promise<Span> {
    const {generations} = this.#options;
    // Read before: what changes meanwhile is looked at once more.
    const era = generations?.era;
    const isFresh = this.#span?.era === era && generations?.isStale !== true;
    if (this.#span && isFresh) return this.#span.of;
    const of = await spanOf(this.#options, this.#asker);
    this.#span = {era, of};
    return of;
  }
}
