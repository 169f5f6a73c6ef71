import {ActionIcon, useComputedColorScheme, useMantineColorScheme} from '@mantine/core';
import {IconMoon, IconSun} from '../parts/icons.tsx';
import {t} from '../texts/texts.ts';

export function ColorSchemeButton() {
  const {setColorScheme} = useMantineColorScheme();
  const scheme = useComputedColorScheme('light');
  const other = scheme === 'light' ? 'dark' : 'light';
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={t(other === 'dark' ? 'shell.dark' : 'shell.light')}
      onClick={() => {
        setColorScheme(other);
      }}
    >
      {other === 'dark' ? <IconMoon size={18} /> : <IconSun size={18} />}
    </ActionIcon>
  );
}
