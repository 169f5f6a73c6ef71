/** To the pages of others where one signs in, and back to the page that one came for. */
import {Button, Stack} from '@mantine/core';
import type {Session} from '../../api/types.ts';
import {t} from '../../texts/texts.ts';

export function ProviderButtons({
  providers,
  to,
  isRemembered,
}: {
  readonly providers: Session['providers'];
  readonly to: string;
  readonly isRemembered: boolean;
}) {
  const query = new URLSearchParams({to, ...(isRemembered ? {remember: 'true'} : {})});
  return (
    <Stack gap="xs">
      {providers.map(({id, displayName, path}) => (
        <Button
          key={id}
          component="a"
          href={`${path}?${query.toString()}`}
          variant="default"
          fullWidth
        >
          {t('account.signIn.with', {provider: displayName})}
        </Button>
      ))}
    </Stack>
  );
}
