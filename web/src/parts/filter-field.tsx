/** What a list is narrowed by while somebody types; it stands in the address. */
import {TextInput} from '@mantine/core';
import {useDebouncedCallback} from '@mantine/hooks';
import {useState} from 'react';
import {IconSearch} from './icons.tsx';
import {useAddressText} from './use-address-word.ts';

/** In milliseconds. */
const pause = 250;

export function FilterField({
  name = 'name',
  label,
  maxLength = 128,
}: {
  /** The word in the address. */
  readonly name?: string;
  readonly label: string;
  readonly maxLength?: number;
}) {
  const [word, setWord] = useAddressText(name);
  const [text, setText] = useState(word);
  const [seen, setSeen] = useState({word, sent: word});
  // Whoever goes back gets the former filter; what he types meanwhile is not taken from him.
  if (word !== seen.word) {
    setSeen({word, sent: seen.sent});
    if (word !== seen.sent) setText(word);
  }
  const put = useDebouncedCallback((value: string) => {
    setSeen((former) => ({...former, sent: value}));
    setWord(value, {replace: true});
  }, pause);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} />}
      value={text}
      maxLength={maxLength}
      onChange={(event) => {
        setText(event.currentTarget.value);
        put(event.currentTarget.value.trim());
      }}
    />
  );
}
