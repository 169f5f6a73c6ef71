/** Says in what the index is other than the storage. */
import type {
  Difference,
  ManifestFacts,
  Pushed,
  RepositoryFacts,
  TagFacts,
} from '../../metadata/content/facts.ts';
import {readKnown, readRevisions, readTags} from '../../metadata/content/held.ts';
import {knownManifests} from '../../metadata/content/write-index.ts';
import type {Database} from '../../metadata/database.ts';
import type {Digest} from '../../oci/digest.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Tag} from '../../oci/tag.ts';
import type {Answer, Question, Sight, Survey, TagTarget} from './survey.ts';

export type ReportUnreadable = (repository: RepositoryName, digest: Digest) => void;

/** What has just been pushed, or deleted: when, and by whom. */
export interface JustPushed {
  readonly tags: ReadonlyMap<Tag, Pushed>;
  readonly digests: ReadonlyMap<Digest, Pushed>;
}

interface CompareOptions {
  readonly db: Database['db'];
  readonly survey: Pick<Survey, 'ask'>;
  readonly report: ReportUnreadable;
}

const nothing: JustPushed = {tags: new Map(), digests: new Map()};

/** What was seen of each, in its order; each part of a repository once. */
export async function compare(
  {db, survey, report}: CompareOptions,
  sights: readonly Sight[],
  justPushed = nothing,
): Promise<readonly RepositoryFacts[]> {
  if (sights.length === 0) return [];
  const tags = await readTags(
    db,
    sights.map(({repository, tags: {selection}}) => ({repository, selection})),
  );
  const revisions = await readRevisions(
    db,
    sights.map(({repository, revisions: {selection}}) => ({repository, selection})),
  );
  const known = await readKnown(
    db,
    sights.map(({repository}) => repository),
  );
  const indexed = await knownManifests(db, [
    ...new Set(
      sights.flatMap(({repository, revisions: {found}}) =>
        newOf(found, revisions.get(repository) ?? new Map()),
      ),
    ),
  ]);
  const questions = sights.map((sight): Question => {
    const {repository} = sight;
    const fresh = newOf(sight.revisions.found, revisions.get(repository) ?? new Map());
    return {
      repository,
      manifests: fresh.filter((digest) => !indexed.has(digest)),
      tags: [...sight.tags.found].flatMap(([tag, {digest, link}]) =>
        justPushed.tags.has(tag) || tags.get(repository)?.get(tag)?.digest === digest
          ? []
          : [[tag, link] as const],
      ),
    };
  });
  const answers = await survey.ask(questions);
  return sights.map((sight, at) => {
    const {repository, exists} = sight;
    const answer = answers[at] ?? {manifests: [], unreadable: [], pushed: new Map<Tag, Pushed>()};
    for (const digest of answer.unreadable) report(repository, digest);
    const former = {
      tags: tags.get(repository) ?? new Map<Tag, TagFacts>(),
      revisions: revisions.get(repository) ?? new Map<Digest, Pushed>(),
    };
    return {
      repository,
      exists,
      isNew: exists && !known.has(repository),
      tags: tagDifferences(
        former.tags,
        sight.tags.found,
        (tag) => justPushed.tags.get(tag) ?? answer.pushed.get(tag),
      ),
      revisions: revisionDifferences(former.revisions, sight.revisions.found, {
        isReadable: isReadableBy(questions[at], answer),
        pushed: (digest) => justPushed.digests.get(digest),
      }),
      manifests: answer.manifests,
    };
  });
}

/** What is there and was not. */
const newOf = <Key>(found: ReadonlyMap<Key, unknown>, former: ReadonlyMap<Key, unknown>) =>
  [...found.keys()].filter((key) => !former.has(key));

/** What was asked for and not answered can't be read; what was not asked for is known. */
function isReadableBy(question: Question | undefined, answer: Answer): (digest: Digest) => boolean {
  const asked = new Set(question?.manifests);
  const read = new Set(answer.manifests.map(({digest}: ManifestFacts) => digest));
  return (digest) => !asked.has(digest) || read.has(digest);
}

function tagDifferences(
  former: ReadonlyMap<Tag, TagFacts>,
  found: ReadonlyMap<Tag, TagTarget>,
  pushedOf: (tag: Tag) => Pushed | undefined,
): readonly Difference<Tag, TagFacts>[] {
  const changes = [...found].flatMap(([key, {digest}]): readonly Difference<Tag, TagFacts>[] => {
    const known = former.get(key);
    const pushed = pushedOf(key);
    if (known?.digest === digest && !pushed) return [];
    const facts = {digest, pushed: pushed ?? {at: 0, by: undefined}};
    return [{key, state: known ? 'changed' : 'new', facts}];
  });
  return [...goneOf(former, found), ...changes];
}

function revisionDifferences(
  former: ReadonlyMap<Digest, Pushed>,
  found: ReadonlyMap<Digest, number>,
  {
    isReadable,
    pushed,
  }: {
    readonly isReadable: (digest: Digest) => boolean;
    readonly pushed: (digest: Digest) => Pushed | undefined;
  },
): readonly Difference<Digest, Pushed>[] {
  const fresh = [...found]
    .filter(([key]) => !former.has(key) && isReadable(key))
    .map(([key, at]) => {
      const facts = pushed(key) ?? {at, by: undefined};
      return {key, state: 'new', facts} as const;
    });
  return [...goneOf(former, found), ...fresh];
}

const goneOf = <Key>(former: ReadonlyMap<Key, unknown>, found: ReadonlyMap<Key, unknown>) =>
  [...former.keys()].filter((key) => !found.has(key)).map((key) => ({key, state: 'gone'}) as const);
