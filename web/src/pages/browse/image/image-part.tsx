/** A part of an image; of something for several machines that of the one which is chosen. */
import {Select, Skeleton, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {t} from '../../../texts/texts.ts';
import type {Details} from '../types.ts';
import {manifestQuery} from './tag-query.ts';
import {platformOf, useChosenPlatform} from './use-chosen-platform.ts';

interface ImagePartProps {
  readonly repository: string;
  readonly details: Details;
  readonly children: (image: Details) => ReactNode;
}

export function ImagePart({repository, details, children}: ImagePartProps) {
  if (details.kind !== 'index') return <>{children(details)}</>;
  return <PartOfIndex repository={repository} details={details} children={children} />;
}

function PartOfIndex({repository, details, children}: ImagePartProps) {
  const {children: platforms, child, choose} = useChosenPlatform(details);
  if (!child) return <Text size="sm">{t('browse.manifest.noPlatforms')}</Text>;
  const names = [...new Set(platforms.map(platformOf))];
  return (
    <Stack gap="md">
      <Select
        label={t('browse.manifest.platform')}
        data={names}
        value={platformOf(child)}
        allowDeselect={false}
        searchable={names.length > 10}
        maw={320}
        onChange={(value) => {
          if (value !== null) choose(value);
        }}
      />
      <Child key={child.digest} repository={repository} digest={child.digest}>
        {children}
      </Child>
    </Stack>
  );
}

function Child({
  repository,
  digest,
  children,
}: Pick<ImagePartProps, 'repository' | 'children'> & {readonly digest: string}) {
  const {data, error} = useQuery(manifestQuery(repository, digest));
  if (data) return <>{children(data)}</>;
  if (error) return <ProblemAlert error={error} title={t('browse.manifest.childGone')} />;
  return <Skeleton h={200} role="status" aria-label={t('shell.loading')} />;
}
