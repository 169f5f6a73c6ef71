/** How long a token counts. */
import {Select} from '@mantine/core';
import {t} from '../texts/texts.ts';

const lifetimes = ['7d', '30d', '90d', '365d'] as const;
const forEver = '';

export function LifetimeSelect({
  value,
  onChange,
  error,
}: {
  /** Undefined: for ever. */
  readonly value: string | undefined;
  readonly onChange: (lifetime: string | undefined) => void;
  readonly error: string | undefined;
}) {
  return (
    <Select
      label={t('tokens.lifetime')}
      data={[
        ...lifetimes.map((each) => ({value: each, label: t(`tokens.lifetimes.${each}`)})),
        {value: forEver, label: t('tokens.forEver')},
      ]}
      allowDeselect={false}
      value={value ?? forEver}
      error={error}
      onChange={(chosen) => {
        onChange(chosen === null || chosen === forEver ? undefined : chosen);
      }}
    />
  );
}
