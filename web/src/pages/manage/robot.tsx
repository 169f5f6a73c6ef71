/** A robot, and the tokens it logs in with. */
import {Anchor, Badge, Group, Text} from '@mantine/core';
import {queryOptions, useQueryClient, useSuspenseQuery} from '@tanstack/react-query';
import {Link, useNavigate, useParams} from 'react-router';
import {addresses} from '../../addresses.ts';
import {client, read} from '../../api/client.ts';
import {ConfirmDialog} from '../../parts/confirm-dialog.tsx';
import {DeleteButton} from '../../parts/delete-button.tsx';
import {Page} from '../../parts/page.tsx';
import {tell} from '../../parts/tell.ts';
import {t} from '../../texts/texts.ts';
import {RoleBadge} from './role-badge.tsx';
import {RobotRights} from './robot-rights.tsx';
import {Tokens} from './tokens.tsx';

const robotQuery = (id: string) =>
  queryOptions({
    queryKey: ['robots', id],
    queryFn: async ({signal}) => read(client.GET('/robots/{id}', {signal, params: {path: {id}}})),
  });

export function RobotPage() {
  const {robot: id = ''} = useParams();
  const {data: robot} = useSuspenseQuery(robotQuery(id));
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <Page
      title={robot.username}
      crumbs={[{title: t('manage.robots.title'), to: '/robots'}]}
      actions={
        <DeleteButton
          label={t('manage.robots.delete')}
          dialog={(state) => (
            <ConfirmDialog
              {...state}
              title={t('manage.robots.deleteOne', {name: robot.username})}
              action={t('manage.robots.delete')}
              onConfirm={async () => {
                await read(client.DELETE('/robots/{id}', {params: {path: {id: robot.id}}}));
                tell.done(t('manage.robots.deleted', {name: robot.username}));
                await navigate('/robots');
                queryClient.removeQueries({queryKey: ['robots', robot.username]});
                await queryClient.invalidateQueries({queryKey: ['robots']});
                await queryClient.invalidateQueries({queryKey: ['teams']});
              }}
            >
              <Text size="sm">{t('manage.robots.deleteMeans')}</Text>
            </ConfirmDialog>
          )}
        />
      }
    >
      {robot.description !== null && <Text className="wraps">{robot.description}</Text>}
      <Group gap="xs">
        <Text size="sm">{t('manage.robots.team')}</Text>
        <Anchor component={Link} to={addresses.team(robot.team.name)} size="sm" className="wraps">
          {robot.team.name}
        </Anchor>
        {robot.role !== null && <RoleBadge role={robot.role} />}
        {!robot.enabled && <Badge color="red">{t('manage.disabled')}</Badge>}
      </Group>
      <RobotRights robot={robot} />
      <Tokens account={robot.username} mayMake />
    </Page>
  );
}
