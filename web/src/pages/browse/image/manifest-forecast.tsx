/** What a deletion of a manifest would do. */
import {Alert, Code, List, ScrollArea, Stack, Text} from '@mantine/core';
import {formatBytes} from '../../../parts/numbers.ts';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import {ForecastPart} from '../forecast-part.tsx';
import {ForecastReferrers} from '../forecast-referrers.tsx';
import type {ManifestRemoval} from '../types.ts';

export function ManifestForecast({forecast}: {readonly forecast: ManifestRemoval}) {
  const {digest, tags, tags_count: count, indexes, untagged_children: children} = forecast;
  const {referrers, bytes, freed_bytes: freed} = forecast;
  const size = formatBytes(bytes);
  return (
    <ScrollArea.Autosize mah={420} viewportProps={{tabIndex: 0}}>
      <Stack gap="sm">
        <ForecastPart title={t('browse.deleteManifest.goes')}>
          <List.Item>
            <Code>{shortDigest(digest)}</Code>
          </List.Item>
          {tags.map((name) => (
            <List.Item key={name} className="wraps">
              {t('browse.deleteManifest.tag', {name})}
            </List.Item>
          ))}
          {count > tags.length && (
            <List.Item>{t('browse.tags.more', {count: count - tags.length})}</List.Item>
          )}
        </ForecastPart>
        {indexes.length > 0 && (
          <Alert color="orange" title={t('browse.deleteManifest.indexes')}>
            {indexes.map((each) => (
              <Code key={each} mr="xs">
                {shortDigest(each)}
              </Code>
            ))}
          </Alert>
        )}
        {(children.length > 0 || referrers.length > 0) && (
          <ForecastPart title={t('browse.forecast.gone')}>
            {children.length > 0 && (
              <List.Item>{t('browse.forecast.children', {count: children.length})}</List.Item>
            )}
            <ForecastReferrers referrers={referrers} />
          </ForecastPart>
        )}
        <Text size="sm">
          {freed === null
            ? t('browse.deleteManifest.bytes', {size})
            : t('browse.deleteManifest.frees', {size, freed: formatBytes(freed)})}
        </Text>
        {!forecast.is_complete && <Text size="sm">{t('browse.forecast.more')}</Text>}
      </Stack>
    </ScrollArea.Autosize>
  );
}
