/** What somebody wrote of a thing, and a field to change it in. */
import {Button, Group, Stack, Text} from '@mantine/core';
import {type QueryKey} from '@tanstack/react-query';
import {useState} from 'react';
import {IconPencil} from '../../parts/icons.tsx';
import {DescriptionField} from '../../parts/description-field.tsx';
import {FormProblem} from '../../parts/form-problem.tsx';
import {Markdown} from '../../parts/markdown.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';

export function Description({
  text,
  mayChange,
  changes,
  save,
}: {
  readonly text: string;
  readonly mayChange: boolean;
  readonly changes: readonly QueryKey[];
  readonly save: (text: string) => Promise<unknown>;
}) {
  const [draft, setDraft] = useState<string>();
  const {start, isPending, error, faults, reset} = useChange({
    change: save,
    changes,
    done: () => t('manage.description.saved'),
    onDone: () => {
      setDraft(undefined);
    },
  });
  const edit = mayChange && draft === undefined && (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconPencil size={14} />}
      onClick={() => {
        reset();
        setDraft(text);
      }}
    >
      {t('manage.description.edit')}
    </Button>
  );
  return (
    <Section title={t('manage.description.title')} actions={edit}>
      {draft === undefined ? (
        text === '' ? (
          <Text c="dimmed">{t('manage.description.none')}</Text>
        ) : (
          <Markdown text={text} />
        )
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            start(draft);
          }}
        >
          <Stack gap="sm">
            <FormProblem error={error} fields={['description']} />
            <DescriptionField
              autoFocus
              value={draft}
              onChange={setDraft}
              error={faults['description']}
            />
            <Group gap="xs">
              <Button type="submit" loading={isPending}>
                {t('manage.save')}
              </Button>
              <Button
                variant="default"
                onClick={() => {
                  setDraft(undefined);
                }}
              >
                {t('confirm.cancel')}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Section>
  );
}
