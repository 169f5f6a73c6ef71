/** The words of the pages: english.json has all of them; another language is another such file. */
import i18next from 'i18next';
import english from './english.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: {translation: typeof english};
  }
}

const texts = i18next.createInstance();
void texts.init({
  // All is here already.
  initAsync: false,
  lng: 'en',
  resources: {en: {translation: english}},
  // React does it.
  interpolation: {escapeValue: false},
});

/** `t('tags.count', {count: 3})` */
export const {t} = texts;

/** In which numbers and times are written. */
export const language = 'en-GB';
