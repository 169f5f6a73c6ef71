/** Who did what. */
import {Anchor, Badge, Button, Text} from '@mantine/core';
import {useState} from 'react';
import {Link} from 'react-router';
import {IconDownload, IconShieldCheck} from '../../parts/icons.tsx';
import {client, readPage} from '../../api/client.ts';
import type {Activity} from '../../api/types.ts';
import {addressOf} from '../../base.ts';
import {Age} from '../../parts/age.tsx';
import {Empty} from '../../parts/empty.tsx';
import {Page} from '../../parts/page.tsx';
import {type Column, PagedTable} from '../../parts/paged-table.tsx';
import {useFilters} from '../../parts/use-filters.ts';
import {useSession} from '../../session/use-session.ts';
import {t} from '../../texts/texts.ts';
import {ActivityDetails} from './activity-details.tsx';
import {ActivityFilters, activityFilters, queryOf} from './activity-filters.tsx';
import {sentenceOf} from './activity-sentence.ts';
import {OutcomeBadge} from './outcome-badge.tsx';

export function Activities() {
  const filters = useFilters(activityFilters);
  const {user} = useSession();
  const [shown, setShown] = useState<Activity>();
  const wanted = queryOf(filters.values);
  const columns: readonly Column<Activity>[] = [
    {title: t('manage.activities.at'), sort: 'at', cell: ({at}) => <Age at={at} />},
    {
      title: t('manage.activities.what'),
      cell: (activity) => (
        <Anchor
          component="button"
          type="button"
          ta="left"
          size="sm"
          c="inherit"
          className="wraps"
          aria-haspopup="dialog"
          onClick={() => {
            setShown(activity);
          }}
        >
          {sentenceOf(activity)}
        </Anchor>
      ),
    },
    {
      title: t('manage.activities.where'),
      cell: ({repository, namespace}) => (
        <Text size="sm" c="dimmed" className="wraps">
          {repository ?? namespace}
        </Text>
      ),
    },
    {
      title: t('manage.activities.outcome'),
      cell: ({outcome, times}) => (
        <>
          <OutcomeBadge outcome={outcome} />
          {times > 1 && (
            <Badge variant="default" ml={4}>
              {t('manage.activities.times', {count: times})}
            </Badge>
          )}
        </>
      ),
    },
  ];
  const csv = new URLSearchParams({...wanted, format: 'csv'});
  return (
    <Page
      title={t('manage.activities.title')}
      actions={
        <>
          {user?.isAdmin && (
            <Button
              component={Link}
              to="/activities/verification"
              variant="default"
              leftSection={<IconShieldCheck size={16} />}
            >
              {t('manage.verification.title')}
            </Button>
          )}
          <Button
            component="a"
            href={addressOf(`api/v1/activities?${csv.toString()}`)}
            download="activities.csv"
            variant="default"
            leftSection={<IconDownload size={16} />}
          >
            {t('manage.activities.csv')}
          </Button>
        </>
      }
    >
      <ActivityFilters filters={filters} />
      <PagedTable
        label={t('manage.activities.title')}
        queryKey={['activities', wanted]}
        load={async ({page, per_page, sort_attr: sort, sort_order: order}, signal) =>
          readPage(
            jsonOf(
              client.GET('/activities', {
                signal,
                params: {
                  query: {
                    ...wanted,
                    page,
                    per_page,
                    sort_attr: 'at',
                    sort_order: sort === undefined ? 'desc' : order,
                  },
                },
              }),
            ),
          )
        }
        columns={columns}
        keyOf={({id}) => id}
        empty={<Empty text={t('manage.activities.none')} />}
      />
      <ActivityDetails
        activity={shown}
        onClose={() => {
          setShown(undefined);
        }}
      />
    </Page>
  );
}

/** What was not asked for as CSV. */
async function jsonOf<Answer extends {readonly data?: string | readonly Activity[]}>(
  answer: Promise<Answer>,
) {
  const {data, ...rest} = await answer;
  return typeof data === 'string' || data === undefined ? rest : {...rest, data};
}
