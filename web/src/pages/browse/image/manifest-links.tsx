/** From something to its files, and to what it can be compared with. */
import {Button} from '@mantine/core';
import {Link} from 'react-router';
import {IconArrowsDiff, IconFolder} from '../../../parts/icons.tsx';
import {addresses} from '../../../addresses.ts';
import {t} from '../../../texts/texts.ts';
import type {Details} from '../types.ts';
import {useChosenPlatform} from './use-chosen-platform.ts';

export function ManifestLinks({
  repository,
  reference,
  details,
}: {
  readonly repository: string;
  /** A tag or a digest. */
  readonly reference: string;
  readonly details: Details;
}) {
  const {child} = useChosenPlatform(details);
  const image = details.kind === 'index' ? child?.digest : details.digest;
  if (details.kind !== 'image' && details.kind !== 'index') return null;
  return (
    <>
      {image !== undefined && (
        <Button
          component={Link}
          to={addresses.files(repository, image)}
          variant="default"
          leftSection={<IconFolder size={16} />}
        >
          {t('browse.files.title')}
        </Button>
      )}
      <Button
        component={Link}
        to={addresses.compare(repository, reference, '')}
        variant="default"
        leftSection={<IconArrowsDiff size={16} />}
      >
        {t('browse.tags.compare')}
      </Button>
    </>
  );
}
