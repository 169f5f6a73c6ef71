/** Repositories as the API shows them: the fields of Portus, and ours beside them. */
import {z} from 'zod';
import {readStars} from '../../metadata/content/notes.ts';
import type {RepositoryRow} from '../../metadata/content/repository-pages.ts';
import {findOwnedNamespaces} from '../../metadata/access-facts.ts';
import {namespacesAbove, owningNamespace} from '../../oci/owning-namespace.ts';
import type {Asker} from './asker.ts';
import type {ContentOptions} from './content-options.ts';
import {time, timeOrNull} from './fields.ts';
import {accountOf, idOf} from './repository-sight.ts';

const fields = {
  id: z.string().describe('The name with `~` for `/`: it needs no encoding in an address.'),
  name: z.string().describe('Without its namespace, as Portus has it.'),
  full_name: z.string(),
  namespace: z
    .string()
    .nullable()
    .describe('The namespace it belongs to; empty: that of names without a slash.'),
  tags_count: z.number(),
  stars: z.number(),
  starred: z.boolean().describe('By whoever asks.'),
  pulls: z.number(),
  pulled_at: time.nullable().describe('When something of it was pulled last.'),
  pushed_at: time.nullable().describe('When something was pushed to it last.'),
  updated_at: time.nullable().describe('As `pushed_at`, for clients of Portus.'),
};

export const repositoryAnswer = z
  .strictObject(fields)
  .meta({id: 'Repository', description: 'A repository.'});

export const wholeRepositoryAnswer = z
  .strictObject({
    ...fields,
    description: z
      .string()
      .describe('Markdown, as it was written: whoever shows it makes it safe.'),
    size: z
      .number()
      .nullable()
      .describe('Of all that it holds, each blob once, in bytes; null: not known at present.'),
    exclusive_size: z
      .number()
      .nullable()
      .describe('Of what no other repository holds; null: not known, or not for this caller.'),
    may_push: z.boolean(),
    may_delete: z.boolean(),
  })
  .meta({id: 'WholeRepository', description: 'A repository with its description and sizes.'});

export async function presentRepositories(
  {db}: Pick<ContentOptions, 'db'>,
  asker: Asker,
  rows: readonly RepositoryRow[],
): Promise<readonly z.output<typeof repositoryAnswer>[]> {
  const names = rows.map(({name}) => name);
  const stars = await readStars(db, names, accountOf(asker)?.id);
  const namespaces = await owners(db, names);
  return rows.map(({name, tags, pushedAt, pulls, lastPulledAt}) => {
    const namespace = owningNamespace(namespaces, name);
    const {count = 0, isOwn = false} = stars.get(name) ?? {};
    return {
      id: idOf(name),
      name: namespace ? name.slice(namespace.length + 1) : name,
      full_name: name,
      namespace: namespace ?? null,
      tags_count: tags,
      stars: count,
      starred: isOwn,
      pulls,
      pulled_at: timeOrNull(lastPulledAt),
      pushed_at: timeOrNull(pushedAt),
      updated_at: timeOrNull(pushedAt),
    };
  });
}

/** Namespaces by their names: those in which one of the repositories may lie. */
async function owners(
  db: ContentOptions['db'],
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const above = [...new Set(names.flatMap(namespacesAbove))];
  const found = await findOwnedNamespaces(db, above);
  return new Map(found.map(({name}) => [name, name]));
}
