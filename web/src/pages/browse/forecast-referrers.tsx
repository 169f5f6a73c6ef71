import {Code, List} from '@mantine/core';
import {shortDigest} from '../../parts/short-digest.ts';
import {t} from '../../texts/texts.ts';
import type {Forecast} from './types.ts';

/** What hangs on something that goes. */
export function ForecastReferrers({referrers}: Pick<Forecast, 'referrers'>) {
  return referrers.map(({digest, kind, tag}) => (
    <List.Item key={digest} className="wraps">
      {t(`browse.referrers.kinds.${kind}`)} <Code>{shortDigest(digest)}</Code>{' '}
      {tag !== null && t('browse.referrers.byTag', {tag})}
    </List.Item>
  ));
}
