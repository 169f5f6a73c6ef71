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
import type {Busy} from './changes-under-way.ts';
import {
  type Answer,
  isWhole,
  type Question,
  type Sight,
  type Survey,
  type TagTarget,
} from './survey.ts';

/** `cause`: why the database does not take what was read; without one, it is no manifest. */
export type ReportUnreadable = (
  repository: RepositoryName,
  digest: Digest,
  cause?: unknown,
) => void;

/** What has just been pushed, or deleted: when, and by whom. */
export interface JustPushed {
  readonly tags: ReadonlyMap<Tag, Pushed>;
  readonly digests: ReadonlyMap<Digest, Pushed>;
}

interface CompareOptions {
  readonly db: Database['db'];
  readonly survey: Pick<Survey, 'ask'>;
  readonly report: ReportUnreadable;
  /** What of a repository is changing meanwhile, and is left to whoever changes it. */
  readonly busy?: (repository: RepositoryName) => Busy | undefined;
}

const nothing: JustPushed = {tags: new Map(), digests: new Map()};
const noTags: ReadonlyMap<Tag, TagFacts> = new Map();
const noRevisions: ReadonlyMap<Digest, Pushed> = new Map();
const noAnswer: Answer = {manifests: [], unreadable: [], pushed: new Map()};

/** What was seen of each, in its order; each part of a repository once. */
export const compare = async (
  ...compared: Parameters<typeof inquire>
): Promise<readonly RepositoryFacts[]> => (await inquire(...compared))();

/**
 * Finds out all that has to be waited for. What it answers with says, without waiting, in what the index is other: to be written at once, so that what begins
 * to change later is written later.
 */
export async function inquire(
  {db, survey, report, busy = () => undefined}: CompareOptions,
  sights: readonly Sight[],
  justPushed = nothing,
): Promise<() => readonly RepositoryFacts[]> {
  if (sights.length === 0) return () => [];
  const {tags, revisions, known, indexed} = await readHeld(db, sights);
  const formerOf = (repository: RepositoryName) => ({
    tags: tags.get(repository) ?? noTags,
    revisions: revisions.get(repository) ?? noRevisions,
  });
  const questions = sights.map((sight): Question => {
    const {repository} = sight;
    const former = formerOf(repository);
    return {
      repository,
      manifests: newOf(sight.revisions.found, former.revisions).filter((it) => !indexed.has(it)),
      tags: [...sight.tags.found].flatMap(([tag, {digest, link}]) =>
        justPushed.tags.has(tag) || former.tags.get(tag)?.digest === digest
          ? []
          : [[tag, link] as const],
      ),
    };
  });
  const hasQuestion = questions.some((one) => one.manifests.length + one.tags.length > 0);
  const answers = hasQuestion ? await survey.ask(questions) : [];
  return () =>
    sights.map((sight, at): RepositoryFacts => {
      const {repository, exists} = sight;
      const answer = answers[at] ?? noAnswer;
      for (const digest of answer.unreadable) report(repository, digest);
      const former = formerOf(repository);
      const changing = busy(repository);
      return {
        repository,
        exists,
        isNew: exists && !known.has(repository),
        isWhole: isWhole(sight),
        tags: tagDifferences(
          former.tags,
          sight.tags.found,
          (tag) => justPushed.tags.get(tag) ?? answer.pushed.get(tag),
        ).filter((tag) => !isBusy(changing, tag, former.tags)),
        revisions: revisionDifferences(former.revisions, sight.revisions.found, {
          isReadable: isReadableBy(questions[at], answer),
          pushed: (digest) => justPushed.digests.get(digest),
        }).filter(({key}) => changing?.digests.has(key) !== true),
        manifests: answer.manifests,
      };
    });
}

/** What the index has of them. One question after the other would wait for whatever is written between them. */
const readHeld = async (db: Database['db'], sights: readonly Sight[]) => {
  const read = async (turn: Database['db']) => readHeldIn(turn, sights);
  return db.isTransaction ? read(db) : db.transaction().setAccessMode('read only').execute(read);
};

async function readHeldIn(turn: Database['db'], sights: readonly Sight[]) {
  // Of one that is gone all goes: what it had need not be read.
  const present = sights.filter((sight) => sight.exists || !isWhole(sight));
  const wantedTags = present.map(({repository, tags: {selection}}) => ({
    repository,
    selection,
  }));
  const wantedRevisions = present.map(({repository, revisions: {selection}}) => ({
    repository,
    selection,
  }));
  const tags = await readTags(turn, wantedTags);
  const revisions = await readRevisions(turn, wantedRevisions);
  const names = sights.map(({repository}) => repository);
  const known = await readKnown(turn, names);
  const fresh = sights.flatMap(({repository, revisions: {found}}) =>
    newOf(found, revisions.get(repository) ?? noRevisions),
  );
  const indexed = await knownManifests(turn, [...new Set(fresh)]);
  return {tags, revisions, known, indexed};
}

/** A tag goes with its manifest, of which whoever deletes it need not know the tags. */
function isBusy(
  busy: Busy | undefined,
  tag: Difference<Tag, TagFacts>,
  former: ReadonlyMap<Tag, TagFacts>,
): boolean {
  if (!busy) return false;
  const digests = [
    former.get(tag.key)?.digest,
    tag.state === 'gone' ? undefined : tag.facts.digest,
  ];
  return (
    busy.tags.has(tag.key) ||
    digests.some((digest) => digest !== undefined && busy.digests.has(digest))
  );
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

interface RevisionsSeen {
  readonly isReadable: (digest: Digest) => boolean;
  readonly pushed: (digest: Digest) => Pushed | undefined;
}

function revisionDifferences(
  former: ReadonlyMap<Digest, Pushed>,
  found: ReadonlyMap<Digest, number>,
  {isReadable, pushed}: RevisionsSeen,
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
