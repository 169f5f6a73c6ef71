/** A password that is chosen: twice, with how long it is. */
import {PasswordInput, Progress, Stack, Text} from '@mantine/core';
import {useId} from 'react';
import {t} from '../../texts/texts.ts';

export interface PasswordPair {
  readonly password: string;
  readonly again: string;
}

export const noPassword: PasswordPair = {password: '', again: ''};

/** As the registry wants them; in characters. */
const shortest = 8;
const good = 12;
const strong = 16;

const lengthOf = (text: string): number => Array.from(text).length;

export const isChosen = ({password, again}: PasswordPair): boolean =>
  lengthOf(password) >= shortest && password === again;

export function NewPassword({
  value,
  onChange,
  label = t('account.password'),
  error,
}: {
  readonly value: PasswordPair;
  readonly onChange: (value: PasswordPair) => void;
  readonly label?: string;
  readonly error?: string | undefined;
}) {
  const hint = useId();
  const {password, again} = value;
  const length = lengthOf(password);
  const isShort = length < shortest;
  const differs = again !== '' && again !== password;
  return (
    <Stack gap="xs">
      <PasswordInput
        required
        label={label}
        autoComplete="new-password"
        visibilityToggleButtonProps={toggle}
        value={password}
        error={error}
        aria-describedby={hint}
        onChange={(event) => {
          onChange({...value, password: event.currentTarget.value});
        }}
      />
      <Progress
        size="xs"
        value={Math.min(100, (length / strong) * 100)}
        color={isShort ? 'red' : length < good ? 'yellow' : 'green'}
        aria-hidden
      />
      <Text size="xs" c="dimmed" id={hint}>
        {isShort
          ? t('account.hint.short', {shortest})
          : t(
              length < good
                ? 'account.hint.fair'
                : length < strong
                  ? 'account.hint.good'
                  : 'account.hint.strong',
            )}
      </Text>
      <PasswordInput
        required
        label={t('account.passwordAgain')}
        autoComplete="new-password"
        visibilityToggleButtonProps={toggle}
        value={again}
        error={differs ? t('account.differs') : undefined}
        onChange={(event) => {
          onChange({...value, again: event.currentTarget.value});
        }}
      />
    </Stack>
  );
}

const toggle = {'aria-label': t('account.showPassword'), tabIndex: 0, 'aria-hidden': false};
