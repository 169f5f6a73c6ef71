/** What people say of a repository. */
import {Group, Paper, Skeleton, Stack, Text} from '@mantine/core';
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import {client, readPage} from '../../../api/client.ts';
import {Age} from '../../../parts/age.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {ListPages} from '../../../parts/list-pages.tsx';
import {Markdown} from '../../../parts/markdown.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {useListPlace} from '../../../parts/use-list-place.ts';
import {useSession} from '../../../session/use-session.ts';
import {t} from '../../../texts/texts.ts';
import type {Comment} from '../types.ts';
import {CommentForm} from './comment-form.tsx';
import {DeleteComment} from './delete-comment.tsx';
import {repositoryId, repositoryKey} from './repository-query.ts';

const perPage = 20;

export function Comments({repository}: {readonly repository: string}) {
  const {user} = useSession();
  const {page, goTo} = useListPlace();
  const {data, error, isPending} = useQuery({
    queryKey: repositoryKey(repository, 'comments', page),
    queryFn: async ({signal}) =>
      readPage(
        client.GET('/repositories/{id}/comments', {
          signal,
          params: {path: {id: repositoryId(repository)}, query: {page, per_page: perPage}},
        }),
      ),
    placeholderData: keepPreviousData,
  });
  return (
    <Stack gap="md">
      {user && <CommentForm repository={repository} />}
      {error && <ProblemAlert error={error} />}
      {isPending && <Skeleton h={120} role="status" aria-label={t('shell.loading')} />}
      {data?.total === 0 && <Empty text={t('browse.comments.none')} />}
      {data?.items.map((comment) => (
        <OneComment key={comment.id} repository={repository} comment={comment} />
      ))}
      {data && data.total > perPage && (
        <ListPages page={page} perPage={perPage} total={data.total} goTo={goTo} />
      )}
    </Stack>
  );
}

function OneComment({
  repository,
  comment,
}: {
  readonly repository: string;
  readonly comment: Comment;
}) {
  const {author, body, created_at: at, may_delete: mayDelete} = comment;
  return (
    <Paper component="article" withBorder p="md">
      <Group justify="space-between" mb="xs">
        <Text size="sm" className="wraps">
          <Text span fw={600} size="sm">
            {author ?? t('browse.comments.somebody')}
          </Text>{' '}
          <Text span c="dimmed" size="sm">
            <Age at={at} />
          </Text>
        </Text>
        {mayDelete && <DeleteComment repository={repository} comment={comment} />}
      </Group>
      <Markdown text={body} />
    </Paper>
  );
}
