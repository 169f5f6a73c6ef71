/** The search, from every page by one key: what fits while somebody types, and a page with all of it. */
import {Combobox, Group, Kbd, Text, TextInput, useCombobox} from '@mantine/core';
import {useDebouncedValue, useHotkeys} from '@mantine/hooks';
import {keepPreviousData, useQuery} from '@tanstack/react-query';
import {useRef, useState} from 'react';
import {useNavigate} from 'react-router';
import {IconSearch} from '../parts/icons.tsx';
import {client, read} from '../api/client.ts';
import {foundPlaces} from './found-places.ts';
import {t} from '../texts/texts.ts';

/** In milliseconds. */
const pause = 200;
const mostShown = 6;

export function Search() {
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), pause);
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const combobox = useCombobox();
  useHotkeys([
    ['/', () => input.current?.focus()],
    ['mod+K', () => input.current?.focus()],
  ]);
  const {data} = useQuery({
    queryKey: ['content', 'list', 'search', asked, mostShown],
    queryFn: async ({signal}) =>
      read(client.GET('/search', {signal, params: {query: {q: asked, limit: mostShown}}})),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
  });
  const places = asked === '' || !data ? [] : foundPlaces(data);
  const go = (to: string): void => {
    setText('');
    combobox.closeDropdown();
    input.current?.blur();
    void navigate(to);
  };
  const everything = `/search?${new URLSearchParams({q: text.trim()}).toString()}`;
  return (
    <Combobox store={combobox} onOptionSubmit={go} withinPortal>
      <Combobox.Target>
        <TextInput
          ref={input}
          role="searchbox"
          flex={1}
          maw={480}
          type="search"
          aria-label={t('search.label')}
          placeholder={t('search.placeholder')}
          leftSection={<IconSearch size={16} />}
          rightSection={<Kbd visibleFrom="md">/</Kbd>}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            combobox.openDropdown();
            // What was chosen before is no choice among what is found now.
            combobox.resetSelectedOption();
          }}
          onFocus={() => {
            combobox.openDropdown();
          }}
          onBlur={() => {
            combobox.closeDropdown();
          }}
          onKeyDown={(event) => {
            const isChosen = combobox.getSelectedOptionIndex() >= 0 && combobox.dropdownOpened;
            if (event.key === 'Enter' && !isChosen && text.trim() !== '') go(everything);
            if (event.key === 'Escape') input.current?.blur();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={text.trim() === ''}>
        <Combobox.Options aria-label={t('search.label')}>
          {places.map(({kind, title, to}) => (
            <Combobox.Option key={`${kind} ${to}`} value={to}>
              <Group gap="xs" wrap="nowrap" justify="space-between">
                <Text size="sm" className="wraps">
                  {title}
                </Text>
                <Text size="xs" c="dimmed">
                  {t(`search.kinds.${kind}`)}
                </Text>
              </Group>
            </Combobox.Option>
          ))}
          <Combobox.Option value={everything}>
            <Text size="sm">{t('search.everything', {text: text.trim()})}</Text>
          </Combobox.Option>
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
