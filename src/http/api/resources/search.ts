/** One box for all that somebody may look for. */
import {z} from 'zod';
import {
  type Found,
  type FoundManifest,
  searchDescriptions,
  searchDigests,
  searchNames,
  searchNamespaces,
  searchTags,
  searchTeams,
  searchUsers,
  searchWords,
} from '../../../metadata/content/search.ts';
import type {Span} from '../../../metadata/content/span.ts';
import type {Asker} from '../asker.ts';
import type {ContentOptions} from '../content-options.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idOf, seesAll, spanOf} from '../repository-sight.ts';

const most = 100;

const answer = z
  .strictObject({
    repositories: z.array(
      z
        .strictObject({
          id: z.string(),
          full_name: z.string(),
          found_in: z.enum(['name', 'description']),
        })
        .meta({id: 'FoundRepository'}),
    ),
    namespaces: z.array(z.string()),
    teams: z.array(z.string()),
    users: z.array(z.string()).describe('To admins alone.'),
    tags: z.array(
      z
        .strictObject({
          id: z.string(),
          repository: z.string(),
          name: z.string(),
          digest: z.string(),
        })
        .meta({id: 'FoundTag'}),
    ),
    manifests: z.array(
      z
        .strictObject({
          repository_id: z.string(),
          repository: z.string(),
          digest: z.string(),
          found_in: z.enum(['digest', 'label']).describe('Annotations are labels here.'),
        })
        .meta({id: 'FoundManifest'}),
    ),
    complete: z.boolean().describe('Whether that is all of it.'),
  })
  .meta({id: 'Found', description: 'What was found, up to the limit of each kind.'});

type Answer = z.output<typeof answer>;

interface Search {
  readonly text: string;
  readonly span: Span;
  readonly limit: number;
}

export const searchEndpoints = (options: ContentOptions): readonly Endpoint[] => [
  endpoint({
    name: 'search',
    method: 'get',
    path: '/search',
    summary: 'Search',
    description:
      'By a part of a name or a description; by `repository:tag`, with the beginning of the tag; by six or more signs of a digest; by `key=value` of a label or an annotation.',
    who: 'anonymous',
    limited: true,
    rule: 'Everybody finds what he may see.',
    query: z.strictObject({
      q: z.string().trim().min(1, 'must say something').max(512).describe('What to look for.'),
      limit: z
        .string()
        .regex(/^[1-9]\d{0,2}$/, `must be a number from 1 to ${most}`)
        .transform(Number)
        .refine((value) => value <= most, `must be a number from 1 to ${most}`)
        .prefault('20')
        .meta({type: 'integer', default: 20, maximum: most, description: 'Of each kind.'}),
    }),
    answers: {200: {description: 'What was found.', schema: answer}},
    handle: async ({asker, query: {q, limit}}) => {
      await options.registry.settled();
      const search = {text: q, span: await spanOf(options, asker), limit};
      return {status: 200, body: await find(options, asker, search)};
    },
  }),
];

async function find(options: ContentOptions, asker: Asker, search: Search): Promise<Answer> {
  const label = /^([^=]+)=(.*)$/s.exec(search.text);
  if (label) {
    const [, name = '', value = ''] = label;
    const found = await searchWords(options.db, {...search, name, value});
    return {...nothing, manifests: shown(found, 'label'), complete: found.isWhole};
  }
  const digest = /^(?:sha256:)?([0-9a-f]{6,64})$/.exec(search.text.toLowerCase())?.[1];
  const digests =
    digest === undefined
      ? {items: [], isWhole: true}
      : await searchDigests(options.db, {...search, text: digest});
  const byWords = await findByWords(options, asker, search);
  return {
    ...byWords,
    manifests: shown(digests, 'digest'),
    complete: byWords.complete && digests.isWhole,
  };
}

const nothing = {repositories: [], namespaces: [], teams: [], users: [], tags: []};

async function findByWords(
  {db, rights}: ContentOptions,
  asker: Asker,
  {text, span, limit}: Search,
): Promise<Omit<Answer, 'manifests'>> {
  const [before, tag] = split(text);
  const names = await searchNames(db, {text: before, span, limit});
  if (tag !== undefined) {
    const tags = await searchTags(db, names.items, {text: tag, limit: limit + 1});
    return {
      ...nothing,
      tags: tags.slice(0, limit).map(({repository, tag: name, digest}) => ({
        id: `${idOf(repository)}:${name}`,
        repository,
        name,
        digest,
      })),
      complete: names.isWhole && tags.length <= limit,
    };
  }
  const described = await searchDescriptions(db, {text, span, limit});
  const known = new Set(names.items);
  const repositories = [
    ...names.items.map((name) => ({name, place: 'name' as const})),
    ...described.items
      .filter((name) => !known.has(name))
      .map((name) => ({name, place: 'description' as const})),
  ];
  const people = rights ? await findPeople(db, asker, {text: before, span, limit}) : nothing;
  return {
    ...nothing,
    ...people,
    repositories: repositories.slice(0, limit).map(({name, place}) => ({
      id: idOf(name),
      full_name: name,
      found_in: place,
    })),
    complete: names.isWhole && described.isWhole && repositories.length <= limit,
  };
}

/** Admins find everything; others the namespaces of which they may see something, and the teams they are in. */
async function findPeople(
  db: ContentOptions['db'],
  asker: Asker,
  {text, span, limit}: Search,
): Promise<Pick<Answer, 'namespaces' | 'teams' | 'users'>> {
  if (seesAll(asker)) {
    return {
      namespaces: [...(await searchNamespaces(db, {text, limit}))],
      teams: [...(await searchTeams(db, {text, limit}))],
      users: [...(await searchUsers(db, {text, limit}))],
    };
  }
  const account = accountOf(asker);
  // What a token is limited to says nothing of the rest.
  const isLimited = account !== undefined && !asker.isWhole;
  const namespaces = isLimited
    ? []
    : (span.namespaces ?? []).filter((name) => name !== '' && name.includes(text));
  const member = isLimited ? undefined : account?.id;
  return {
    namespaces: namespaces.toSorted().slice(0, limit),
    teams: member === undefined ? [] : [...(await searchTeams(db, {text, limit, member}))],
    users: [],
  };
}

/** Names of repositories are in lower case, tags as they are. */
function split(text: string): [name: string, tag: string | undefined] {
  const colon = text.indexOf(':');
  if (colon === -1) return [text.toLowerCase(), undefined];
  return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1)];
}

const shown = ({items}: Found<FoundManifest>, place: 'digest' | 'label'): Answer['manifests'] =>
  items.map(({repository, digest}) => ({
    repository_id: idOf(repository),
    repository,
    digest,
    found_in: place,
  }));
