/** What of the changes that are over has come to be, and is told to those who want to know. */
import {happeningsOf, type OpenChange} from '../../metadata/content/outbox.ts';
import type {Happening} from '../../metadata/events/event.ts';
import type {Digest} from '../../oci/digest.ts';
import type {Sight, StoreSurvey} from './survey.ts';

/** How a change ended: `unknown` where it failed half-way, or its process was killed. */
export type Ending = 'done' | 'nothing' | 'unknown';

export interface EndedChange {
  readonly change: OpenChange;
  readonly ending: Ending;
}

/** In their order. What nobody knows of is looked up in the storage: it is told where it may have been acknowledged, and never where it can't have been. */
export async function whatHappened(
  survey: Pick<StoreSurvey, 'part'>,
  ended: readonly EndedChange[],
): Promise<readonly Happening[]> {
  const happened: Happening[] = [];
  for (const {change, ending} of ended) {
    if (!change.deed || ending === 'nothing') continue;
    const told = happeningsOf(change);
    if (ending === 'done' || ended.some(({change: other}) => undoes(other, change))) {
      happened.push(...told);
      continue;
    }
    const {repository, digests, tags} = change;
    const sight = await survey.part(repository, {digests, tags});
    happened.push(...told.filter((each) => isSeen(each, digests, sight)));
  }
  return happened;
}

function isSeen(
  {action, object, digest, tag}: Happening,
  digests: readonly Digest[],
  {exists, revisions, tags}: Sight,
): boolean {
  const holds = digests.some((each) => revisions.found.has(each));
  const target = tag && tags.found.get(tag)?.link;
  switch (action) {
    case 'push':
      // A tag that is there and leads elsewhere may have been pushed over since.
      return holds && (tag === undefined || target !== undefined);
    case 'tag':
      return target === digest;
    case 'delete':
      if (object === 'repository') return !exists;
      return object === 'tag' ? target === undefined : !holds;
    default:
      return false;
  }
}

/** Whether the later one may have taken away what the earlier one had made. */
const undoes = (later: OpenChange, earlier: OpenChange): boolean =>
  later.deed?.action === 'delete' &&
  later.repository === earlier.repository &&
  later.at >= earlier.at &&
  earlier.deed?.action !== 'delete' &&
  (later.deed.object === 'repository' ||
    later.digests.some((digest) => earlier.digests.includes(digest)));
