import {Button, Text} from '@mantine/core';
import {useState} from 'react';
import {client, read} from '../../../api/client.ts';
import {ConfirmDialog} from '../../../parts/confirm-dialog.tsx';
import {useChange} from '../../../parts/use-change.ts';
import {t} from '../../../texts/texts.ts';
import type {Comment} from '../types.ts';
import {repositoryId, repositoryKey} from './repository-query.ts';

export function DeleteComment({
  repository,
  comment: {id, author},
}: {
  readonly repository: string;
  readonly comment: Comment;
}) {
  const [isOpen, setOpen] = useState(false);
  const name = author ?? t('browse.comments.somebody');
  const {finish} = useChange({
    change: async () =>
      read(
        client.DELETE('/repositories/{id}/comments/{comment_id}', {
          params: {path: {id: repositoryId(repository), comment_id: id}},
        }),
      ),
    changes: [repositoryKey(repository, 'comments')],
    done: () => t('browse.comments.deleted'),
  });
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-sm"
        aria-label={t('browse.comments.deleteOf', {name})}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('browse.comments.delete')}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={() => {
          setOpen(false);
        }}
        title={t('browse.comments.deleteOf', {name})}
        action={t('browse.comments.delete')}
        onConfirm={async () => {
          await finish(undefined);
        }}
      >
        <Text size="sm">{t('browse.comments.gone')}</Text>
      </ConfirmDialog>
    </>
  );
}
