/** What there is to look at in the storage for many changes. */
import type {Pushed} from '../../metadata/content/facts.ts';
import type {OpenChange} from '../../metadata/content/outbox.ts';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {JustPushed} from './compare.ts';

export interface Joined {
  readonly repository: RepositoryName;
  /** Absent: all of it. */
  readonly part: JustPushed | undefined;
  /** Manifests of which all tags may have changed. */
  readonly ofAllTags: readonly Digest[];
}

/** Each repository once: of two changes to one tag the later counts. */
export function joined(changes: readonly OpenChange[]): readonly Joined[] {
  return [...Map.groupBy(changes, ({repository}) => repository)].map(([repository, own]) => {
    const isWhole = own.some(({digests, tags}) => digests.length + tags.length === 0);
    const pushedBy = ({at, origin}: OpenChange): Pushed => ({at, by: origin.actor});
    const part = {
      digests: new Map(own.flatMap((each) => each.digests.map((it) => [it, pushedBy(each)]))),
      tags: new Map(own.flatMap((each) => each.tags.map((it) => [it, pushedBy(each)]))),
    };
    const ofAllTags = own.flatMap(({digests, tags}) => (tags.length === 0 ? digests : []));
    return {repository, part: isWhole ? undefined : part, ofAllTags};
  });
}
