import {TextInput, type TextInputProps} from '@mantine/core';
import {t} from '../../texts/texts.ts';

export function UserNameInput(props: TextInputProps) {
  return (
    <TextInput
      required
      label={t('account.userName')}
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={255}
      {...props}
    />
  );
}
