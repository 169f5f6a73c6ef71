/** Everything that a search finds, by kind. The address of it can be shared. */
import {Anchor, Badge, Group, List, Skeleton, Stack, Text} from '@mantine/core';
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import {Link} from 'react-router';
import {client, read} from '../../../api/client.ts';
import {Empty} from '../../../parts/empty.tsx';
import {FilterField} from '../../../parts/filter-field.tsx';
import {Page} from '../../../parts/page.tsx';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {Section} from '../../../parts/section.tsx';
import {useAddressText} from '../../../parts/use-address-word.ts';
import {type FoundPlace, foundPlaces} from '../../../shell/found-places.ts';
import {t} from '../../../texts/texts.ts';

/** Of each kind. */
const most = 100;
/** Of the API. */
const longest = 512;

export function SearchPage() {
  const [text] = useAddressText('q');
  const {data, error, isFetching} = useQuery({
    queryKey: ['content', 'list', 'search', text, most],
    queryFn: async ({signal}) =>
      read(client.GET('/search', {signal, params: {query: {q: text, limit: most}}})),
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
  });
  const places = data && text.trim() !== '' ? foundPlaces(data) : [];
  return (
    <Page title={text === '' ? t('search.label') : t('browse.search.title', {text})}>
      <FilterField name="q" label={t('search.placeholder')} maxLength={longest} />
      <Text size="sm" c="dimmed">
        {t('browse.search.hint')}
      </Text>
      {error && <ProblemAlert error={error} />}
      <Text role="status" size="sm">
        {data &&
          !isFetching &&
          text.trim() !== '' &&
          t('browse.search.found', {count: places.length})}
      </Text>
      {!data && isFetching && <Skeleton h={200} />}
      {data && text.trim() !== '' && places.length === 0 && (
        <Empty text={t('browse.search.none')} />
      )}
      {data?.complete === false && <Text size="sm">{t('browse.search.more', {most})}</Text>}
      <Stack gap="md" aria-busy={isFetching}>
        {[...Map.groupBy(places, ({kind}) => kind)].map(([kind, found]) => (
          <Section key={kind} title={t(`browse.search.kinds.${kind}`)}>
            <List spacing="xs" listStyleType="none">
              {found.map((place) => (
                <Place key={place.to} place={place} />
              ))}
            </List>
          </Section>
        ))}
      </Stack>
    </Page>
  );
}

function Place({place: {title, to, foundIn}}: {readonly place: FoundPlace}) {
  return (
    <List.Item>
      <Group gap="xs">
        <Anchor component={Link} to={to} className="wraps">
          {title}
        </Anchor>
        {foundIn !== undefined && (
          <Badge variant="default" size="sm" tt="none">
            {t(`browse.search.in.${foundIn}`)}
          </Badge>
        )}
      </Group>
    </List.Item>
  );
}
