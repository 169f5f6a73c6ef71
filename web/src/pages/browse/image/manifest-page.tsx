/** What a digest names, whether it has a tag or not. */
import {Anchor, Group, Text} from '@mantine/core';
import {useSuspenseQuery} from '@tanstack/react-query';
import {Link, useParams} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {Page} from '../../../parts/page.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {Section} from '../../../parts/section.tsx';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import {crumbsOf} from '../repository/crumbs.ts';
import {useRepository, useRepositoryName} from '../repository/repository-query.ts';
import type {WholeManifest} from '../types.ts';
import {DeleteManifest} from './delete-manifest.tsx';
import {ManifestLinks} from './manifest-links.tsx';
import {ManifestTabs} from './manifest-tabs.tsx';
import {ManifestTop} from './manifest-top.tsx';
import {manifestQuery} from './tag-query.ts';

export function ManifestPage() {
  const name = useRepositoryName();
  const digest = useParams()['digest'] ?? '';
  const {data: shown, error} = useSuspenseQuery(manifestQuery(name, digest));
  const {repository} = useRepository(name).data;
  const short = shortDigest(shown.digest);
  return (
    <Page
      title={`${name}@${short}`}
      heading={short}
      crumbs={[...crumbsOf(repository), {title: name, to: addresses.repository(name)}]}
      actions={
        <>
          <ManifestLinks repository={name} reference={shown.digest} details={shown} />
          {repository.may_delete && <DeleteManifest repository={name} digest={shown.digest} />}
        </>
      }
    >
      {error && <ProblemAlert error={error} />}
      <ManifestTop details={shown} />
      <Named repository={name} shown={shown} />
      <ManifestTabs repository={name} details={shown} />
    </Page>
  );
}

/** What leads to it. */
function Named({
  repository,
  shown: {tags, tags_count: count, indexes, subject},
}: {
  readonly repository: string;
  readonly shown: WholeManifest;
}) {
  if (tags.length === 0 && indexes.length === 0 && subject === null) return null;
  const manifest = (digest: string) => (
    <Anchor key={digest} component={Link} to={addresses.manifest(repository, digest)} size="sm">
      {shortDigest(digest)}
    </Anchor>
  );
  return (
    <Section title={t('browse.manifest.named')}>
      {tags.length > 0 && (
        <Group gap="xs">
          <Text size="sm">{t('browse.manifest.tags', {count})}</Text>
          {tags.map((tag) => (
            <Anchor
              key={tag}
              component={Link}
              to={addresses.tag(repository, tag)}
              size="sm"
              className="wraps"
            >
              {tag}
            </Anchor>
          ))}
        </Group>
      )}
      {indexes.length > 0 && (
        <Group gap="xs">
          <Text size="sm">{t('browse.manifest.indexes')}</Text>
          {indexes.map(manifest)}
        </Group>
      )}
      {subject !== null && (
        <Group gap="xs">
          <Text size="sm">{t('browse.manifest.subject')}</Text>
          {manifest(subject)}
        </Group>
      )}
    </Section>
  );
}
