import {Anchor, Group, Image, Text} from '@mantine/core';
import {Link} from 'react-router';
import {addressOf} from '../base.ts';

/** `givesWay`: on a narrow screen the picture does. */
export function Brand({givesWay = false}: {readonly givesWay?: boolean}) {
  return (
    <Anchor component={Link} to="/" underline="never" c="inherit" aria-label="Holdfast">
      <Group gap="xs" wrap="nowrap">
        <Image src={addressOf('icon.svg')} alt="" w={28} h={28} />
        <Text fw={700} size="lg" {...(givesWay ? {visibleFrom: 'xs'} : {})}>
          Holdfast
        </Text>
      </Group>
    </Anchor>
  );
}
