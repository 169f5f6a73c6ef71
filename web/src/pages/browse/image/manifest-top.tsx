/** What something is at a glance, and how one gets it. */
import {Grid, Group} from '@mantine/core';
import {Age} from '../../../parts/age.tsx';
import {Digest} from '../../../parts/digest.tsx';
import {formatBytes, formatCount} from '../../../parts/numbers.ts';
import {Section} from '../../../parts/section.tsx';
import {t} from '../../../texts/texts.ts';
import {Facts} from '../facts.tsx';
import {Platforms} from '../platforms.tsx';
import {PullBox} from '../pull-box.tsx';
import {pullCommands} from '../pull-commands.ts';
import {SignedBadge} from '../signed-badge.tsx';
import type {Details} from '../types.ts';

export function ManifestTop({details, tag}: {readonly details: Details; readonly tag?: string}) {
  return (
    <Grid>
      <Grid.Col span={{base: 12, lg: 6}}>
        <Section title={t('browse.manifest.facts')}>
          <Facts facts={factsOf(details)} areLong />
        </Section>
      </Grid.Col>
      <Grid.Col span={{base: 12, lg: 6}}>
        <Section title={t('browse.pull.title')}>
          <PullBox commands={pullCommands(details, tag)} />
        </Section>
      </Grid.Col>
    </Grid>
  );
}

function factsOf(details: Details) {
  const {size, platform, author, artifact_type: artifact, kind, media_type: media} = details;
  const platforms =
    platform === null ? details.platforms.map((each) => each.platform ?? '') : [platform];
  const known = platforms.filter((each) => each !== '' && each !== 'unknown/unknown');
  return [
    [
      t('browse.tags.digest'),
      <Group key="digest" gap="xs">
        <Digest value={details.digest} />
        {details.is_signed && <SignedBadge />}
      </Group>,
    ],
    [t('browse.tags.size'), size === null ? '' : formatBytes(size)],
    ...(known.length === 0
      ? []
      : [[t('browse.tags.platforms'), <Platforms key="platforms" names={known} />] as const]),
    [t('browse.tags.pushedAt'), <Age key="pushed" at={details.pushed_at} />],
    ...(author === null ? [] : [[t('browse.manifest.author'), author] as const]),
    [t('browse.tags.pulledAt'), <Age key="pulled" at={details.pulled_at} />],
    [t('browse.manifest.pulls'), formatCount(details.digest_pulls)],
    [t('browse.manifest.mediaType'), media ?? ''],
    ...(artifact === null || kind === 'image'
      ? []
      : [[t('browse.manifest.artifactType'), artifact] as const]),
  ] as const;
}
