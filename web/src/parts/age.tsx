/** How long ago that was, with the moment itself under the pointer. */
import {formatAge, formatMoment} from './numbers.ts';
import {t} from '../texts/texts.ts';

export function Age({at}: {readonly at: string | null | undefined}) {
  if (at === null || at === undefined) return <span className="stays">{t('age.never')}</span>;
  return (
    <time className="stays" dateTime={at} title={formatMoment(at)}>
      {formatAge(at)}
    </time>
  );
}
