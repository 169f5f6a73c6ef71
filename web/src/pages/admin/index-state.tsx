/** The index of content: its state, and a comparison with the storage. */
import {Alert, Button, Group, Progress, Stack, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {useQuery} from '@tanstack/react-query';
import {IconRefresh} from '../../parts/icons.tsx';
import {client, read} from '../../api/client.ts';
import type {IndexState} from '../../api/types.ts';
import {Age} from '../../parts/age.tsx';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {Loading} from '../../parts/loading.tsx';
import {formatCount} from '../../parts/numbers.ts';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {useChange} from '../../parts/use-change.ts';
import {t} from '../../texts/texts.ts';
import {FactTable} from './fact-table.tsx';

/** In milliseconds: while a comparison is under way. */
const again = 1000;

export function IndexTab() {
  const [isOpen, {open, close}] = useDisclosure();
  const {data, error} = useQuery({
    queryKey: ['index'],
    queryFn: async ({signal}) => read(client.GET('/index', {signal})),
    staleTime: 0,
    refetchInterval: ({state}) => (state.data?.running ? again : false),
  });
  const {finish} = useChange({
    change: async () => read(client.POST('/index/reindex')),
    changes: [['index']],
    done: () => t('admin.index.begun'),
  });
  if (error && !data) return <ProblemAlert error={error} />;
  if (!data) return <Loading />;
  return (
    <Stack>
      {data.problem !== null && (
        <Alert color="red" role="alert" title={t('admin.index.problem')}>
          <Text size="sm" className="wraps">
            {data.problem}
          </Text>
        </Alert>
      )}
      {data.running && <Running running={data.running} />}
      <FactTable facts={factsOf(data)} />
      <Group>
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} />}
          disabled={data.running !== null}
          onClick={open}
        >
          {t('admin.index.reindex')}
        </Button>
      </Group>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        title={t('admin.index.reindex')}
        action={t('admin.index.begin')}
        onConfirm={async () => {
          await finish(undefined);
        }}
      >
        <Text size="sm">{t('admin.index.means')}</Text>
      </ConfirmDialog>
    </Stack>
  );
}

function Running({
  running: {repositories, expected},
}: {
  readonly running: NonNullable<IndexState['running']>;
}) {
  const percent =
    expected === null || expected === 0
      ? undefined
      : Math.min(99, Math.floor((100 * repositories) / expected));
  const text =
    percent === undefined
      ? t('admin.index.runs', {count: repositories})
      : t('admin.index.runsOf', {
          repositories: formatCount(repositories),
          expected: formatCount(expected ?? 0),
          percent,
        });
  return (
    <Stack gap={4} role="status">
      <Text size="sm">{text}</Text>
      <Progress value={percent ?? 100} animated aria-label={t('admin.index.progress')} />
    </Stack>
  );
}

const factsOf = (data: IndexState) => [
  {title: t('admin.index.state'), value: t(`admin.index.states.${data.state}`)},
  {title: t('admin.index.repositories'), value: formatCount(data.repositories)},
  {title: t('admin.index.open'), value: formatCount(data.open_changes)},
  {title: t('admin.index.started'), value: <Age at={data.started_at} />},
  {title: t('admin.index.finished'), value: <Age at={data.finished_at} />},
  ...(data.last
    ? [
        {
          title: t('admin.index.last'),
          value: t('admin.index.lastOf', {
            repositories: formatCount(data.last.repositories),
            tags: formatCount(data.last.tags),
            manifests: formatCount(data.last.manifests),
            gone: formatCount(data.last.gone),
          }),
        },
      ]
    : []),
];
