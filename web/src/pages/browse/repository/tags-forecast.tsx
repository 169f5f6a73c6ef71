/** What a deletion of tags would do: what goes, what stays and why, what it frees. */
import {Code, List, ScrollArea, Stack, Text} from '@mantine/core';
import {formatBytes} from '../../../parts/numbers.ts';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import {ForecastPart} from '../forecast-part.tsx';
import {ForecastReferrers} from '../forecast-referrers.tsx';
import type {Forecast} from '../types.ts';

export function TagsForecast({forecast}: {readonly forecast: Forecast}) {
  const gone = forecast.manifests.filter(({stays_because: because}) => because === null);
  const stay = forecast.manifests.filter(({stays_because: because}) => because !== null);
  const unknown = forecast.tags.filter(({outcome}) => outcome === 'unknown');
  return (
    <ScrollArea.Autosize mah={420} viewportProps={{tabIndex: 0}}>
      <Stack gap="sm">
        <ForecastPart title={t('browse.forecast.go')}>
          {forecast.tags
            .filter(({outcome}) => outcome === 'deleted')
            .map(({name, digest}) => (
              <List.Item key={name} className="wraps">
                {name} <Code>{shortDigest(digest ?? '')}</Code>
              </List.Item>
            ))}
        </ForecastPart>
        {unknown.length > 0 && (
          <ForecastPart title={t('browse.forecast.unknown')}>
            {unknown.map(({name}) => (
              <List.Item key={name} className="wraps">
                {name}
              </List.Item>
            ))}
          </ForecastPart>
        )}
        {stay.length > 0 && (
          <ForecastPart title={t('browse.forecast.stay')}>
            {stay.map(({digest, stays_because: because}) => (
              <List.Item key={digest} className="wraps">
                <Code>{shortDigest(digest)}</Code>{' '}
                {because &&
                  because.tags.length > 0 &&
                  t('browse.forecast.tags', {names: because.tags.join(', ')})}{' '}
                {because &&
                  because.referenced_by.length > 0 &&
                  t('browse.forecast.indexes', {
                    names: because.referenced_by.map(shortDigest).join(', '),
                  })}
              </List.Item>
            ))}
          </ForecastPart>
        )}
        {gone.length > 0 && (
          <ForecastPart title={t('browse.forecast.gone')}>
            {gone.map(({digest}) => (
              <List.Item key={digest}>
                <Code>{shortDigest(digest)}</Code>
              </List.Item>
            ))}
            {forecast.untagged_children.length > 0 && (
              <List.Item>
                {t('browse.forecast.children', {count: forecast.untagged_children.length})}
              </List.Item>
            )}
            <ForecastReferrers referrers={forecast.referrers} />
          </ForecastPart>
        )}
        <Text size="sm">{sizeText(forecast)}</Text>
        {!forecast.is_complete && <Text size="sm">{t('browse.forecast.more')}</Text>}
      </Stack>
    </ScrollArea.Autosize>
  );
}

function sizeText({bytes, freed_bytes: freed}: Forecast): string {
  if (bytes === 0) return t('browse.forecast.nothing');
  const size = formatBytes(bytes);
  return freed === null
    ? t('browse.forecast.bytes', {size})
    : t('browse.forecast.frees', {size, freed: formatBytes(freed)});
}
