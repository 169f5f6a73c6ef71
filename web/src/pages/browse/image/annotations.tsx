import {Section} from '../../../parts/section.tsx';
import {t} from '../../../texts/texts.ts';
import {WordTable} from './word-table.tsx';

/** What a manifest says of itself. */
export function Annotations({words}: {readonly words: Readonly<Record<string, string>>}) {
  const title = t('browse.manifest.tabs.annotations');
  return (
    <Section title={title}>
      <WordTable label={title} words={Object.entries(words)} />
    </Section>
  );
}
