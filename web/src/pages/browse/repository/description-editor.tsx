/** Edits a description. Where somebody else was faster, both texts are there, and nothing is lost. */
import {Alert, Button, Group, Stack, Text} from '@mantine/core';
import {useState} from 'react';
import {client, read} from '../../../api/client.ts';
import {Problem} from '../../../api/problem.ts';
import {CopyLine} from '../../../parts/copy-line.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {useChange} from '../../../parts/use-change.ts';
import {t} from '../../../texts/texts.ts';
import {MarkdownField} from '../markdown-field.tsx';
import {
  type ReadRepository,
  readRepository,
  repositoryId,
  repositoryKey,
} from './repository-query.ts';

/** Of the API. */
const longest = 32 * 1024;

export function DescriptionEditor({
  begun,
  onClose,
}: {
  readonly begun: ReadRepository;
  readonly onClose: () => void;
}) {
  const {full_name: name} = begun.repository;
  const [text, setText] = useState(begun.repository.description);
  const [etag, setEtag] = useState(begun.etag);
  const [theirs, setTheirs] = useState<string>();
  const {start, isPending, error} = useChange({
    change: async (description: string) => {
      try {
        await read(
          client.PUT('/repositories/{id}', {
            params: {path: {id: repositoryId(name)}},
            ...(etag !== undefined && {headers: {'If-Match': etag}}),
            body: {description},
          }),
        );
      } catch (problem) {
        if (problem instanceof Problem && problem.status === 412) {
          const now = await readRepository(name);
          setTheirs(now.repository.description);
          setEtag(now.etag);
        }
        throw problem;
      }
    },
    changes: [repositoryKey(name, 'show')],
    done: () => t('browse.description.saved'),
    onDone: onClose,
  });
  const isConflict = error instanceof Problem && error.status === 412;
  return (
    <Stack gap="sm">
      {error !== null && !isConflict && <ProblemAlert error={error} />}
      {theirs !== undefined && (
        <Alert color="orange" role="alert" title={t('browse.description.conflict')}>
          <Stack gap="xs">
            <Text size="sm">{t('browse.description.theirs')}</Text>
            <CopyLine value={theirs} label={t('browse.description.theirs')} />
          </Stack>
        </Alert>
      )}
      <MarkdownField
        label={t('browse.description.text')}
        value={text}
        onChange={setText}
        longest={longest}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('confirm.cancel')}
        </Button>
        <Button
          loading={isPending}
          onClick={() => {
            start(text);
          }}
        >
          {t(theirs === undefined ? 'browse.description.save' : 'browse.description.overwrite')}
        </Button>
      </Group>
    </Stack>
  );
}
