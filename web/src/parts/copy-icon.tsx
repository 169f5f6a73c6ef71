import {ActionIcon, Tooltip} from '@mantine/core';
import {useTimeout} from '@mantine/hooks';
import {useState} from 'react';
import {copyText} from './copy-text.ts';
import {IconCheck, IconCopy} from './icons.tsx';
import {tell} from './tell.ts';
import {t} from '../texts/texts.ts';

/** In milliseconds. */
const toldFor = 2000;

export function CopyIcon({value}: {readonly value: string}) {
  const [isCopied, setCopied] = useState(false);
  const {start} = useTimeout(() => {
    setCopied(false);
  }, toldFor);
  const copy = async (): Promise<void> => {
    const isThere = await copyText(value);
    setCopied(isThere);
    if (isThere) start();
    else tell.problem(t('copy.refused'));
  };
  const label = t(isCopied ? 'copy.copied' : 'copy.copy');
  return (
    <Tooltip label={label} withArrow>
      <ActionIcon
        variant="subtle"
        color={isCopied ? 'green' : 'gray'}
        aria-label={label}
        onClick={() => void copy()}
      >
        {isCopied ? <IconCheck size={16} /> : <IconCopy size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
