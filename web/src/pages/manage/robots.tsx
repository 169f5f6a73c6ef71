/** Accounts of programs. */
import {Button, Text} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {IconPlus} from '../../parts/icons.tsx';
import {Page} from '../../parts/page.tsx';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {NewRobot} from './new-robot.tsx';
import {RobotsTable} from './robots-table.tsx';

export function Robots() {
  const {permissions} = useSession();
  const [isOpen, {open, close}] = useDisclosure();
  return (
    <Page
      title={t('manage.robots.title')}
      actions={
        permissions.manageTeams && (
          <Button leftSection={<IconPlus size={16} />} onClick={open}>
            {t('manage.robots.make')}
          </Button>
        )
      }
    >
      <Text c="dimmed" size="sm">
        {t('manage.robots.means')}
      </Text>
      <RobotsTable />
      <NewRobot isOpen={isOpen} onClose={close} />
    </Page>
  );
}
