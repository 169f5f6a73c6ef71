/** A repository, as it is asked for and kept. */
import {useSuspenseQuery} from '@tanstack/react-query';
import {useParams} from 'react-router';
import {nameOf} from '../../../addresses.ts';
import {client, readWhole} from '../../../api/client.ts';
import type {WholeRepository} from '../types.ts';

/** As the API names it in paths. */
export const repositoryId = (name: string): string => name.replaceAll('/', '~');

/** What was asked for of a repository is kept under this, and asked for again when something happens to it. */
export const repositoryKey = (name: string, ...rest: readonly unknown[]): readonly unknown[] => [
  'content',
  'repository',
  name,
  ...rest,
];

/** Of the address. */
export const useRepositoryName = (): string => nameOf(useParams()['repository'] ?? '');

export interface ReadRepository {
  readonly repository: WholeRepository;
  /** For whoever edits it. */
  readonly etag: string | undefined;
}

export async function readRepository(name: string, signal?: AbortSignal): Promise<ReadRepository> {
  const params = {path: {id: repositoryId(name)}};
  const {body, etag} = await readWhole(
    client.GET('/repositories/{id}', {params, ...(signal && {signal})}),
  );
  return {repository: body, etag};
}

export function useRepository(name: string) {
  return useSuspenseQuery({
    queryKey: repositoryKey(name, 'show'),
    queryFn: async ({signal}) => readRepository(name, signal),
  });
}
