import {Center, Loader} from '@mantine/core';
import {t} from '../texts/texts.ts';

export function Loading() {
  return (
    <Center mih={200}>
      <Loader role="status" aria-label={t('shell.loading')} />
    </Center>
  );
}
