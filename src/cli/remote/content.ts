/** Operations on repositories and tags by the API. */
import {z} from 'zod';
import {
  deleteRepository,
  deleteTag,
  describeRepository,
  listDeletedTags,
  listRepositories,
  listTags,
  restoreTag,
  showHistory,
  showRepository,
  showTag,
} from '../../auth/administration/content.ts';
import {nextPage, pageOf, remote} from './remote.ts';

const repository = z.object({
  full_name: z.string(),
  tags_count: z.number(),
  pulls: z.number(),
  pushed_at: z.string().nullable(),
  pulled_at: z.string().nullable(),
});
const wholeRepository = repository.extend({
  description: z.string(),
  size: z.number().nullable(),
});

const toRepository = (shown: z.output<typeof repository>) => ({
  name: shown.full_name,
  tags: shown.tags_count,
  pulls: shown.pulls,
  pushedAt: shown.pushed_at ?? undefined,
  pulledAt: shown.pulled_at ?? undefined,
});

const tag = z.object({
  repository: z.string(),
  name: z.string(),
  digest: z.string(),
  size: z.number().nullable(),
  platform: z.string().nullable(),
  kind: z.string().nullable(),
  pushed_at: z.string(),
  author: z.string().nullable(),
  digest_pulls: z.number(),
  pulled_at: z.string().nullable(),
});

const toTag = (shown: z.output<typeof tag>) => ({
  repository: shown.repository,
  name: shown.name,
  digest: shown.digest,
  size: shown.size ?? undefined,
  platform: shown.platform ?? undefined,
  kind: shown.kind ?? undefined,
  pushedAt: shown.pushed_at,
  pushedBy: shown.author ?? undefined,
  pulls: shown.digest_pulls,
  pulledAt: shown.pulled_at ?? undefined,
});

const entry = z.object({
  at: z.string(),
  digest: z.string().nullable(),
  author: z.string().nullable(),
  can_restore: z.boolean(),
});
const deletedTag = z.object({
  name: z.string(),
  deleted_at: z.string().nullable(),
  author: z.string().nullable(),
  digest: z.string().nullable(),
  can_restore: z.boolean(),
});

const place = (name: string, ...rest: readonly string[]): readonly string[] => [
  'repositories',
  name.replaceAll('/', '~'),
  ...rest,
];

/** Of one part of a list that goes on by name. */
const perPart = 500;

export const remoteContent = [
  remote(listRepositories, async (api, {after, namespace}) => {
    const query = {...pageOf(after), namespace};
    const found = await api.ask(z.array(repository), 'GET', ['repositories'], {query});
    return {repositories: found.map(toRepository), ...nextPage(found, after)};
  }),
  remote(showRepository, async (api, {name}) => {
    const found = await api.ask(wholeRepository, 'GET', place(name));
    const {description, size} = found;
    return {...toRepository(found), description, size: size ?? undefined};
  }),
  remote(describeRepository, async (api, {name, text}) => {
    await api.ask(wholeRepository, 'PUT', place(name), {body: {description: text}});
    return {name};
  }),
  remote(deleteRepository, async (api, {name}) => {
    await api.ask(z.undefined(), 'DELETE', place(name));
    return {name};
  }),
  remote(listTags, async (api, {repository: name, after}) => {
    const found = await api.ask(z.array(tag), 'GET', place(name, 'tags'), {query: pageOf(after)});
    return {tags: found.map(toTag), ...nextPage(found, after)};
  }),
  remote(showTag, async (api, {repository: name, tag: called}) =>
    // By its whole id: `tags/grouped` below a repository is something else.
    toTag(await api.ask(tag, 'GET', ['tags', `${name}:${called}`])),
  ),
  remote(deleteTag, async (api, {repository: name, tag: called}) => {
    await api.ask(z.undefined(), 'DELETE', place(name, 'tags', called));
    return {repository: name, tag: called};
  }),
  remote(showHistory, async (api, {repository: name, tag: called, limit, before}) => {
    const query = {before, limit: limit === undefined ? undefined : String(limit)};
    const path = place(name, 'tags', called, 'history');
    const entries = await api.ask(z.array(entry), 'GET', path, {query});
    return {
      entries: entries.map(({at, digest, author, can_restore: canRestore}) => ({
        at,
        digest: digest ?? undefined,
        by: author ?? undefined,
        canRestore,
      })),
    };
  }),
  remote(listDeletedTags, async (api, {repository: name, after}) => {
    const query = {after, limit: String(perPart)};
    const found = await api.ask(z.array(deletedTag), 'GET', place(name, 'deleted-tags'), {query});
    const tags = found.map((shown) => ({
      name: shown.name,
      at: shown.deleted_at ?? undefined,
      by: shown.author ?? undefined,
      digest: shown.digest ?? undefined,
      canRestore: shown.can_restore,
    }));
    return {tags, next: tags.length < perPart ? undefined : tags.at(-1)?.name};
  }),
  remote(restoreTag, async (api, {repository: name, tag: called, digest}) => {
    const answer = z.object({digest: z.string()});
    const path = place(name, 'tags', called, 'restore');
    await api.ask(answer, 'POST', path, {body: {digest}});
    return {repository: name, tag: called, digest};
  }),
];
