/** Who has signed in, and the way out. */
import {Box, Button, Menu, Text} from '@mantine/core';
import {Link, useLocation} from 'react-router';
import {IconChevronDown, IconKey, IconLogout, IconUser} from '../parts/icons.tsx';
import {client, read} from '../api/client.ts';
import {tell} from '../parts/tell.ts';
import {leave} from '../session/leave.ts';
import {useSession} from '../session/use-session.ts';
import {t} from '../texts/texts.ts';
import {signInFrom} from './entry.ts';

export function AccountMenu() {
  const {user, authMode} = useSession();
  const location = useLocation();
  if (authMode === 'none') return null;
  if (!user) {
    return (
      <Button component={Link} to={signInFrom(location)} size="sm">
        {t('shell.signIn')}
      </Button>
    );
  }
  const signOut = async (): Promise<void> => {
    try {
      await read(client.DELETE('/session'));
      leave();
    } catch (error) {
      tell.problem(error);
    }
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <Button
          variant="default"
          maw={220}
          px={{base: 8, sm: 'md'}}
          aria-label={t('shell.account', {name: user.name})}
        >
          <Box hiddenFrom="sm" component="span" display="inline-flex">
            <IconUser size={18} />
          </Box>
          <Text visibleFrom="sm" inherit truncate>
            {user.name}
          </Text>
          <Box visibleFrom="sm" component="span" ml="xs">
            <IconChevronDown size={16} />
          </Box>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/profile" leftSection={<IconUser size={16} />}>
          {t('navigation.profile')}
        </Menu.Item>
        <Menu.Item component={Link} to="/profile/tokens" leftSection={<IconKey size={16} />}>
          {t('navigation.tokens')}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
          {t('shell.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
