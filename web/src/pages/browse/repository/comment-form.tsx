import {Button, Group, Stack} from '@mantine/core';
import {useState} from 'react';
import {client, read} from '../../../api/client.ts';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {useChange} from '../../../parts/use-change.ts';
import {t} from '../../../texts/texts.ts';
import {MarkdownField} from '../markdown-field.tsx';
import {repositoryId, repositoryKey} from './repository-query.ts';

/** Of the API. */
const longest = 16 * 1024;

export function CommentForm({repository}: {readonly repository: string}) {
  const [text, setText] = useState('');
  const {start, isPending, error} = useChange({
    change: async (body: string) =>
      read(
        client.POST('/repositories/{id}/comments', {
          params: {path: {id: repositoryId(repository)}},
          body: {body},
        }),
      ),
    changes: [repositoryKey(repository, 'comments')],
    onDone: () => {
      setText('');
    },
  });
  return (
    <Stack gap="sm">
      <MarkdownField
        label={t('browse.comments.write')}
        value={text}
        onChange={setText}
        longest={longest}
        rows={4}
      />
      {error !== null && <ProblemAlert error={error} />}
      <Group justify="flex-end">
        <Button
          loading={isPending}
          disabled={text.trim() === ''}
          onClick={() => {
            start(text);
          }}
        >
          {t('browse.comments.send')}
        </Button>
      </Group>
    </Stack>
  );
}
