/** Operations on repositories and tags. */
import {z} from 'zod';
import type {RepositoryRow} from '../../metadata/content/repository-pages.ts';
import type {TagRow} from '../../metadata/content/tag-pages.ts';
import type {RepositoryName} from '../../oci/name.ts';
import {AdministrationError} from './administration-error.ts';
import type {ContentContext} from './context.ts';
import {after, digestText, repositoryName, tagText, time, timeText} from './fields.ts';
import {contentChange, question} from './operation.ts';

const limit = z.int().min(1).max(1000).default(500);
const ofRepository = z.strictObject({name: repositoryName});
const ofTag = z.strictObject({repository: repositoryName, tag: tagText});

const repository = z.object({
  name: z.string(),
  tags: z.number(),
  pulls: z.number(),
  pushedAt: time.optional(),
  pulledAt: time.optional(),
});
const tag = z.object({
  repository: z.string(),
  name: z.string(),
  digest: z.string(),
  size: z.number().optional(),
  platform: z.string().optional(),
  kind: z.string().optional(),
  pushedAt: time,
  pushedBy: z.string().optional(),
  pulls: z.number(),
  pulledAt: time.optional(),
});

export type TagAnswer = z.output<typeof tag>;

const maybeTime = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : timeText(at);

const toRepository = ({name, tags, pulls, pushedAt, lastPulledAt}: RepositoryRow) => ({
  name,
  tags,
  pulls,
  pushedAt: maybeTime(pushedAt),
  pulledAt: maybeTime(lastPulledAt),
});

const toTag = (name: RepositoryName, row: TagRow): TagAnswer => ({
  repository: name,
  name: row.name,
  digest: row.digest,
  size: row.size,
  platform: row.platform,
  kind: row.kind,
  pushedAt: timeText(row.pushedAt),
  pushedBy: row.pushedBy,
  pulls: row.digestPulls,
  pulledAt: maybeTime(row.lastPulledAt),
});

const noRepository = (name: string) =>
  new AdministrationError('unknown', `there is no repository ${name}`);
const noTag = (name: string, called: string) =>
  new AdministrationError('unknown', `there is no tag ${name}:${called}`);

export const listRepositories = question(
  'repository list',
  {
    input: z.strictObject({after, limit, namespace: z.string().max(255).optional()}),
    output: z.object({repositories: z.array(repository), next: z.string().optional()}),
  },
  async ({content}: ContentContext, {after: last, limit: most, namespace}) => {
    const {items, next} = await content.repositories({after: last, limit: most, namespace});
    return {repositories: items.map(toRepository), next};
  },
);

export const showRepository = question(
  'repository show',
  {
    input: ofRepository,
    output: repository.extend({description: z.string(), size: z.number().optional()}),
  },
  async ({content}: ContentContext, {name}) => {
    const found = await content.repository(name);
    if (!found) throw noRepository(name);
    return {...toRepository(found), description: found.description, size: found.size};
  },
);

const longestDescription = 32 * 1024;

export const describeRepository = contentChange(
  'repository describe',
  {
    input: ofRepository.extend({
      text: z
        .string()
        .max(longestDescription, `must have at most ${longestDescription} characters`)
        .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be plain text'),
    }),
    output: z.object({name: z.string()}),
  },
  async ({content}: ContentContext, {name, text}, actor) => {
    if (!(await content.describe(name, text, actor))) throw noRepository(name);
    return {name};
  },
);

export const deleteRepository = contentChange(
  'repository delete',
  {input: ofRepository, output: z.object({name: z.string()})},
  async ({content}: ContentContext, {name}, actor) => {
    if (!(await content.removeRepository(name, actor))) throw noRepository(name);
    return {name};
  },
);

export const listTags = question(
  'tag list',
  {
    input: z.strictObject({repository: repositoryName, after, limit}),
    output: z.object({tags: z.array(tag), next: z.string().optional()}),
  },
  async ({content}: ContentContext, {repository: name, after: last, limit: most}) => {
    const page = await content.tags(name, {after: last, limit: most});
    if (!page) throw noRepository(name);
    return {tags: page.items.map((row) => toTag(name, row)), next: page.next};
  },
);

export const showTag = question(
  'tag show',
  {input: ofTag, output: tag},
  async ({content}: ContentContext, {repository: name, tag: called}) => {
    const found = await content.tag(name, called);
    if (!found) throw noTag(name, called);
    return toTag(name, found);
  },
);

export const deleteTag = contentChange(
  'tag delete',
  {input: ofTag, output: z.object({repository: z.string(), tag: z.string()})},
  async ({content}: ContentContext, {repository: name, tag: called}, actor) => {
    if (!(await content.removeTag(name, called, actor))) throw noTag(name, called);
    return {repository: name, tag: called};
  },
);

export const showHistory = question(
  'tag history',
  {
    input: ofTag.extend({limit, before: z.iso.datetime('must be a time of ISO 8601').optional()}),
    output: z.object({
      entries: z.array(
        z.object({
          at: time,
          digest: z.string().optional(),
          by: z.string().optional(),
          canRestore: z.boolean(),
        }),
      ),
    }),
  },
  async ({content}: ContentContext, {repository: name, tag: called, limit: most, before}) => {
    const entries = await content.history(name, called, {
      limit: most,
      before: before === undefined ? undefined : new Date(before),
    });
    if (entries.length === 0 && before === undefined) throw noTag(name, called);
    return {
      entries: entries.map(({at, digest: target, by, isHeld}) => ({
        at: at.toISOString(),
        digest: target,
        by,
        canRestore: isHeld,
      })),
    };
  },
);

export const listDeletedTags = question(
  'tag list-deleted',
  {
    input: z.strictObject({repository: repositoryName, after, limit}),
    output: z.object({
      tags: z.array(
        z.object({
          name: z.string(),
          at: time.optional(),
          by: z.string().optional(),
          digest: z.string().optional(),
          canRestore: z.boolean(),
        }),
      ),
      next: z.string().optional(),
    }),
  },
  async ({content}: ContentContext, {repository: name, after: last, limit: most}) => {
    const {items, next} = await content.deletedTags(name, {after: last, limit: most});
    const tags = items.map(({tag: called, at, by, digest: target, isHeld}) => ({
      name: called,
      at: at?.toISOString(),
      by,
      digest: target,
      canRestore: isHeld,
    }));
    return {tags, next};
  },
);

export const restoreTag = contentChange(
  'tag restore',
  {
    input: ofTag.extend({digest: digestText}),
    output: z.object({repository: z.string(), tag: z.string(), digest: z.string()}),
  },
  async ({content}: ContentContext, {repository: name, tag: called, digest: target}, actor) => {
    const outcome = await content.restore(name, called, target, actor);
    if (outcome === 'unknown') {
      throw new AdministrationError('unknown', `${name}:${called} never pointed at ${target}`);
    }
    if (outcome !== 'restored') {
      const faults = outcome.gone.map((what) => ({message: `${what} is gone`}));
      throw new AdministrationError('refused', faults);
    }
    return {repository: name, tag: called, digest: target};
  },
);
