/** A team: who is in it, and what belongs to it. */
import {Group} from '@mantine/core';
import {useSuspenseQuery} from '@tanstack/react-query';
import {useParams} from 'react-router';
import {DeleteButton} from '../../parts/delete-button.tsx';
import {Page} from '../../parts/page.tsx';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {DeleteTeam} from './delete-team.tsx';
import {Description} from './description.tsx';
import {RoleBadge} from './role-badge.tsx';
import {TeamDirectory} from './team-directory.tsx';
import {TeamMembers} from './team-members.tsx';
import {TeamNamespaces} from './team-namespaces.tsx';
import {TeamRobots} from './team-robots.tsx';
import {teamQuery} from './team-queries.ts';
import {client, ifMatch, read} from '../../api/client.ts';

export function TeamPage() {
  const {team: id = ''} = useParams();
  const {
    data: {body: team, etag},
  } = useSuspenseQuery(teamQuery(id));
  const {permissions} = useSession();
  const mayManage = team.updatable && permissions.manageTeams;
  return (
    <Page
      title={team.name}
      crumbs={[{title: t('manage.teams.title'), to: '/teams'}]}
      actions={
        mayManage && (
          <DeleteButton
            label={t('manage.teams.delete')}
            dialog={(state) => <DeleteTeam team={team} {...state} />}
          />
        )
      }
    >
      {team.role !== null && (
        <Group gap="xs">
          {t('manage.teams.youAre')} <RoleBadge role={team.role} />
        </Group>
      )}
      <Description
        text={team.description}
        mayChange={mayManage}
        changes={[['teams']]}
        save={async (description) =>
          read(
            client.PUT('/teams/{id}', {
              params: {path: {id: team.id}, header: ifMatch(etag)},
              body: {description},
            }),
          )
        }
      />
      <TeamMembers team={team} mayChange={mayManage} />
      <TeamNamespaces team={team} />
      {mayManage && <TeamRobots team={team} />}
      <TeamDirectory team={team} mayChange={mayManage} />
    </Page>
  );
}
