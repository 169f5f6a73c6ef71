/** The robots of a team. */
import {Button} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {IconRobot} from '../../parts/icons.tsx';
import type {Team} from '../../api/types.ts';
import {Section} from '../../parts/section.tsx';
import {t} from '../../texts/texts.ts';
import {NewRobot} from './new-robot.tsx';
import {RobotsTable} from './robots-table.tsx';

export function TeamRobots({team}: {readonly team: Team}) {
  const [isOpen, {open, close}] = useDisclosure();
  return (
    <Section
      title={t('manage.robots.title')}
      actions={
        <Button variant="default" size="xs" leftSection={<IconRobot size={14} />} onClick={open}>
          {t('manage.robots.make')}
        </Button>
      }
    >
      <RobotsTable team={team.name} name="robots" />
      <NewRobot isOpen={isOpen} onClose={close} team={team.name} />
    </Section>
  );
}
