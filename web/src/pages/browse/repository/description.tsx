/** What a repository says of itself, and whoever may push can say it better. */
import {Button, Text} from '@mantine/core';
import {useState} from 'react';
import {IconPencil} from '../../../parts/icons.tsx';
import {Markdown} from '../../../parts/markdown.tsx';
import {Section} from '../../../parts/section.tsx';
import {t} from '../../../texts/texts.ts';
import {DescriptionEditor} from './description-editor.tsx';
import type {ReadRepository} from './repository-query.ts';

export function Description({read}: {readonly read: ReadRepository}) {
  const {description, may_push: mayPush} = read.repository;
  // As it was when he began: what others save meanwhile is not overwritten.
  const [begun, setBegun] = useState<ReadRepository>();
  if (begun) {
    return (
      <Section title={t('browse.description.title')}>
        <DescriptionEditor
          begun={begun}
          onClose={() => {
            setBegun(undefined);
          }}
        />
      </Section>
    );
  }
  return (
    <Section
      title={t('browse.description.title')}
      actions={
        mayPush && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconPencil size={14} />}
            onClick={() => {
              setBegun(read);
            }}
          >
            {t('browse.description.edit')}
          </Button>
        )
      }
    >
      {description === '' ? (
        <Text size="sm" c="dimmed">
          {t('browse.description.none')}
        </Text>
      ) : (
        <Markdown text={description} />
      )}
    </Section>
  );
}
