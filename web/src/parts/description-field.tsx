/** What is said of a team or a namespace: a line of Markdown. */
import {Textarea} from '@mantine/core';
import {t} from '../texts/texts.ts';
import {tooLong} from './too-long.ts';

/** Of the API. */
const longest = 1000;

export function DescriptionField({
  value,
  onChange,
  error,
  autoFocus = false,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
  readonly autoFocus?: boolean;
}) {
  return (
    <Textarea
      rows={3}
      resize="vertical"
      autoFocus={autoFocus}
      label={t('manage.description.title')}
      description={t('manage.descriptionMeans')}
      value={value}
      error={tooLong(value, longest) ?? error}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
