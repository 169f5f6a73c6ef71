/** Who may pull from a namespace, to be changed. */
import {Button, Group, Stack} from '@mantine/core';
import {useState} from 'react';
import {client, ifMatch, read} from '../../api/client.ts';
import type {Namespace} from '../../api/types.ts';
import {FormProblem} from '../../parts/form-problem.tsx';
import {Section} from '../../parts/section.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {VisibilityChoice} from './visibility-choice.tsx';

export function NamespaceVisibility({
  namespace,
  etag,
}: {
  readonly namespace: Namespace;
  readonly etag: string | undefined;
}) {
  const [visibility, setVisibility] = useState(namespace.visibility);
  const mayChange = namespace.permissions.visibility;
  const {start, isPending, error, faults} = useChange({
    change: async () =>
      read(
        client.PUT('/namespaces/{id}', {
          params: {path: {id: namespace.id}, header: ifMatch(etag)},
          body: {visibility},
        }),
      ),
    changes: [['namespaces'], ['teams'], ['content', 'list']],
    done: (changed) =>
      t('manage.namespace.isNow', {visibility: t(`manage.visibility.${changed.visibility}`)}),
  });
  return (
    <Section title={t('manage.namespace.whoPulls')}>
      <Stack>
        <FormProblem error={error} fields={['visibility']} />
        <VisibilityChoice
          value={visibility}
          onChange={setVisibility}
          error={faults['visibility']}
          isDisabled={!mayChange}
        />
        {mayChange && (
          <Group>
            <Button
              loading={isPending}
              disabled={visibility === namespace.visibility}
              onClick={() => {
                start(undefined);
              }}
            >
              {t('manage.save')}
            </Button>
          </Group>
        )}
      </Stack>
    </Section>
  );
}
