/** Who may pull from a namespace. */
import {Radio, Stack} from '@mantine/core';
import type {Visibility} from '../../api/types.ts';
import {t} from '../../texts/texts.ts';

const all = ['private', 'protected', 'public'] as const satisfies readonly Visibility[];

export function VisibilityChoice({
  value,
  onChange,
  error,
  isDisabled = false,
}: {
  readonly value: Visibility;
  readonly onChange: (visibility: Visibility) => void;
  readonly error: string | undefined;
  readonly isDisabled?: boolean;
}) {
  return (
    <Radio.Group
      label={t('manage.namespace.visibility')}
      value={value}
      error={error}
      onChange={(chosen) => {
        const found = all.find((each) => each === chosen);
        if (found) onChange(found);
      }}
    >
      <Stack gap="xs" mt="xs">
        {all.map((each) => (
          <Radio
            key={each}
            value={each}
            disabled={isDisabled}
            label={t(`manage.visibility.${each}`)}
            description={t(`manage.visibility.means.${each}`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
