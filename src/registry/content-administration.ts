/** Repositories and tags as the administration asks for them: by whoever may everything. */
import {activityOfChange, namespaceOf} from '../auth/activities/of-content.ts';
import type {Actor} from '../auth/administration/actor.ts';
import type {ContentAdministration} from '../auth/administration/context.ts';
import {signatureOf} from '../auth/administration/record.ts';
import type {Clock} from '../host/clock.ts';
import {insertActivities} from '../metadata/activities.ts';
import {sizeOfRepository} from '../metadata/content/manifest-details.ts';
import {readDescription, writeDescription} from '../metadata/content/notes.ts';
import {listNamesWithin, listRepositoryNames} from '../metadata/content/repositories.ts';
import {readRepositories} from '../metadata/content/repository-pages.ts';
import {listTagNames, readTagRows} from '../metadata/content/tag-pages.ts';
import type {Origin} from '../metadata/events/event.ts';
import {passes, pastEvents} from '../metadata/events/past-events.ts';
import type {Database} from '../metadata/database.ts';
import {transact} from '../metadata/transact.ts';
import {RegistryError} from '../oci/errors.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Registry} from './registry.ts';

interface ContentOptions {
  readonly db: Database['db'];
  readonly registry: Registry;
  readonly now: Clock;
}

/** A larger repository is measured with all others, by the statistics. */
const mostMeasured = 2000;

export function contentAdministration({db, registry, now}: ContentOptions): ContentAdministration {
  const {tagHistory} = registry;
  // Histories have no name for whoever may everything at the host.
  const originOf = async (actor: Actor): Promise<Origin> => {
    const {actor: doer, credential} = await signatureOf(db, actor);
    return {actor: actor.kind === 'operator' ? undefined : actor.name, doer, credential};
  };
  const find = async (name: RepositoryName) => {
    await registry.settled();
    return (await readRepositories(db, [name]))[0];
  };
  return {
    repositories: async ({namespace, ...page}) => {
      await registry.settled();
      const names =
        namespace === undefined
          ? await listRepositoryNames(db, page)
          : await listNamesWithin(db, [namespace], page);
      const next = names.length < page.limit ? undefined : names.at(-1);
      return {items: await readRepositories(db, names), next};
    },
    repository: async (name) => {
      const row = await find(name);
      if (!row) return undefined;
      const known = registry.statistics.latest()?.repositories.get(name)?.bytes;
      return {
        ...row,
        description: (await readDescription(db, name))?.text ?? '',
        size: (await sizeOfRepository(db, name, mostMeasured)) ?? known,
      };
    },
    describe: async (name, text, actor) => {
      if (!(await find(name))) return false;
      const at = now().getTime();
      const by = actor.kind === 'operator' ? undefined : actor.name;
      const namespace = await namespaceOf(db, name);
      const {actor: doer, ...origin} = await signatureOf(db, actor);
      const change = {kind: 'describe'} as const;
      const told = {change, repository: name, namespace, actor: doer, origin, at};
      await transact(db, async (turn) => {
        await writeDescription(turn, name, {text, by, at});
        await insertActivities(turn, [activityOfChange(told)]);
      });
      return true;
    },
    removeRepository: async (name, actor) => registry.removeRepository(name, await originOf(actor)),
    tags: async (name, page) => {
      if (!(await find(name))) return undefined;
      const names = await listTagNames(db, name, page);
      const next = names.length < page.limit ? undefined : names.at(-1);
      return {items: await readTagRows(db, name, names), next};
    },
    tag: async (name, tag) => {
      await registry.settled();
      return (await readTagRows(db, name, [tag]))[0];
    },
    removeTag: async (name, tag, actor) => {
      try {
        await registry.manifests.delete(name, {tag}, await originOf(actor));
        return true;
      } catch (error) {
        if (error instanceof RegistryError && error.status === 404) return false;
        throw error;
      }
    },
    history: async (name, tag, page) => tagHistory.list(name, tag, page),
    deletedTags: async (name, page) => {
      const {items, last} = await tagHistory.deleted(name, page);
      return {
        items: items.map(({deletedAt, deletedBy, ...rest}) => ({
          ...rest,
          at: deletedAt,
          by: deletedBy,
        })),
        next: last,
      };
    },
    restore: async (name, tag, digest, actor) =>
      tagHistory.restore(name, tag, {digest, origin: await originOf(actor)}),
    events: async ({filter, ...wanted}) => pastEvents(db, {...wanted, wants: passes(filter)}),
  };
}
