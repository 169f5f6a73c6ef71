/** The code of the first start. The address that the start prints has it behind a #, which no server is sent. */
import {TextInput} from '@mantine/core';
import {useLocation} from 'react-router';
import {useState} from 'react';
import {t} from '../../texts/texts.ts';

/** In characters, with its dashes. */
const longest = 100;

export function useCode(): readonly [string, (code: string) => void] {
  const {hash} = useLocation();
  return useState(() => /^#([\w-]{1,100})$/.exec(hash)?.[1] ?? '');
}

export function CodeInput({
  value,
  onChange,
  error,
}: {
  readonly value: string;
  readonly onChange: (code: string) => void;
  readonly error?: string | undefined;
}) {
  return (
    <TextInput
      required
      label={t('account.start.code')}
      description={t('account.start.codeHint')}
      placeholder="ABCDE-FGHJK-LMNPQ-23456"
      autoComplete="off"
      autoCapitalize="characters"
      spellCheck={false}
      maxLength={longest}
      value={value}
      error={error}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
