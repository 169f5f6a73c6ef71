/** What hangs on a manifest: signatures, SBOMs, attestations, and what hangs on those. */
import {Alert, Anchor, Badge, Group, List, Skeleton, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {Link} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {client, read} from '../../../api/client.ts';
import {Age} from '../../../parts/age.tsx';
import {Empty} from '../../../parts/empty.tsx';
import {formatBytes} from '../../../parts/numbers.ts';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import {repositoryId, repositoryKey} from '../repository/repository-query.ts';
import type {ReferrerNode} from '../types.ts';

export function Referrers({
  repository,
  digest,
}: {
  readonly repository: string;
  readonly digest: string;
}) {
  const {data, error} = useQuery({
    queryKey: repositoryKey(repository, 'manifest', digest, 'referrers'),
    queryFn: async ({signal}) =>
      read(
        client.GET('/repositories/{id}/manifests/{digest}/referrers', {
          signal,
          params: {path: {id: repositoryId(repository), digest}},
        }),
      ),
  });
  if (!data && error) return <ProblemAlert error={error} />;
  if (!data) return <Skeleton h={160} role="status" aria-label={t('shell.loading')} />;
  if (data.referrers.length === 0) return <Empty text={t('browse.referrers.none')} />;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('browse.referrers.hint')}
      </Text>
      {!data.is_complete && <Alert color="orange">{t('browse.referrers.more')}</Alert>}
      <Nodes repository={repository} nodes={data.referrers} />
    </Stack>
  );
}

function Nodes({
  repository,
  nodes,
}: {
  readonly repository: string;
  readonly nodes: readonly ReferrerNode[];
}) {
  return (
    <List withPadding={false} spacing="sm" listStyleType="none">
      {nodes.map((node) => (
        <List.Item key={node.digest}>
          <Group gap="xs">
            <Badge variant="default" tt="none">
              {t(`browse.referrers.kinds.${node.kind}`)}
            </Badge>
            <Anchor component={Link} to={addresses.manifest(repository, node.digest)} size="sm">
              {shortDigest(node.digest)}
            </Anchor>
            <Text size="sm" className="wraps">
              {node.artifact_type ?? node.media_type}
            </Text>
            <Text size="sm" c="dimmed">
              {formatBytes(node.size)}, <Age at={node.pushed_at} />
            </Text>
            {node.tag !== null && (
              <Text size="sm" c="dimmed" className="wraps">
                {t('browse.referrers.byTag', {tag: node.tag})}
              </Text>
            )}
          </Group>
          {node.referrers.length > 0 && (
            <Stack mt="sm" ml="lg">
              <Nodes repository={repository} nodes={node.referrers} />
            </Stack>
          )}
        </List.Item>
      ))}
    </List>
  );
}
