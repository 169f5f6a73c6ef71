/** Which repositories somebody may see, and what he may do with one: never more than the catalogue shows him. */
import type {Account} from '../../auth/caller.ts';
import type {RepositoryAction} from '../../auth/repository-rights.ts';
import {repositoryScope} from '../../auth/rights.ts';
import type {Span} from '../../metadata/content/span.ts';
import {isRepositoryName, type RepositoryName} from '../../oci/name.ts';
import {isTag, type Tag} from '../../oci/tag.ts';
import {ApiError} from './api-error.ts';
import type {Asker} from './asker.ts';
import type {ContentOptions} from './content-options.ts';

type Sighted = Pick<ContentOptions, 'rights' | 'config'>;

const none: Span = {namespaces: [], has: () => false};

/** Of all there is, what he may see. */
export async function spanOf({rights}: Sighted, asker: Asker): Promise<Span> {
  if (!rights) return {};
  const visible = await rights.visible(asker.caller);
  if (visible === 'none') return none;
  return seesAll(asker) ? {} : visible;
}

/** An admin with all his rights. */
export const seesAll = ({caller, isWhole}: Asker): boolean =>
  isWhole && caller.kind === 'account' && caller.isAdmin;

/** As the id of a repository: its name, with `~` for `/`. */
export const idOf = (name: RepositoryName): string => name.replaceAll('/', '~');

const unknown = (): ApiError => new ApiError('unknown', 'there is no such repository');

/** By its id or its name. Throws an ApiError `unknown` where he may not see it, be it there or not. */
export async function seenRepository(
  options: Sighted,
  {caller}: Asker,
  text: string,
): Promise<RepositoryName> {
  const name = text.replaceAll('~', '/');
  if (!isRepositoryName(name)) throw unknown();
  if (options.rights && !(await options.rights.sees(caller, name))) throw unknown();
  return name;
}

export async function may(
  {rights}: Sighted,
  {caller}: Asker,
  name: RepositoryName,
  action: RepositoryAction,
): Promise<boolean> {
  return !rights || (await rights.refusal(caller, repositoryScope(name, action))) === undefined;
}

/** Throws an ApiError `denied` where he may not, `refused` where nobody may at present. */
export async function requireMay(
  options: Sighted,
  asker: Asker,
  name: RepositoryName,
  action: 'push' | 'delete',
): Promise<void> {
  const {maintenance, storage} = options.config;
  if (!(await may(options, asker, name, action))) {
    throw new ApiError('denied', `you may not ${action === 'push' ? 'push to' : 'delete in'} it`);
  }
  if (maintenance.readonly) {
    throw new ApiError('refused', 'the registry is read-only for maintenance');
  }
  if (action === 'delete' && !storage.delete) {
    throw new ApiError('refused', 'this registry deletes nothing: storage.delete is false');
  }
}

export function requireTag(text: string): Tag {
  if (!isTag(text)) throw new ApiError('unknown', 'there is no such tag');
  return text;
}

/** The name of an account is told to accounts alone: it is one half of a login. */
export const authorFor = ({caller}: Asker, name: string | undefined): string | null =>
  caller.kind === 'account' ? (name ?? null) : null;

/** Whoever is known by name. */
export const accountOf = ({caller}: Asker): Account | undefined =>
  caller.kind === 'account' ? caller : undefined;
