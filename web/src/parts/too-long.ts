import {t} from '../texts/texts.ts';
import {formatCount} from './numbers.ts';

/** What stands below a field that keeps all that somebody types or pastes, also what the registry would not take. */
export const tooLong = (text: string, most: number): string | undefined =>
  text.length > most
    ? t('problems.tooLong', {length: formatCount(text.length), most: formatCount(most)})
    : undefined;
