/** Text of somebody else, the beginning of it where it is long. */
import {Button} from '@mantine/core';
import {useState} from 'react';
import {t} from '../../../texts/texts.ts';

/** In signs: what is longer is shown when somebody wants it. */
const longest = 400;

export function LongText({text}: {readonly text: string}) {
  const [isWhole, setWhole] = useState(false);
  const isShort = text.length <= longest;
  return (
    <>
      {isShort || isWhole ? text : `${text.slice(0, longest)}…`}
      {!isShort && (
        <Button
          variant="subtle"
          size="compact-xs"
          onClick={() => {
            setWhole(!isWhole);
          }}
        >
          {t(isWhole ? 'browse.words.less' : 'browse.words.all')}
        </Button>
      )}
    </>
  );
}
