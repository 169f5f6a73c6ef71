/** How a first image comes here. */
import {Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../../../api/client.ts';
import {CopyLine} from '../../../parts/copy-line.tsx';
import {useSession} from '../../../session/use-session.ts';
import {t} from '../../../texts/texts.ts';

export function HowToPush({namespace}: {readonly namespace?: string}) {
  const {user} = useSession();
  const {data} = useQuery({
    queryKey: ['connection'],
    queryFn: async ({signal}) => read(client.GET('/connection', {signal})),
  });
  if (!data) return null;
  const below = namespace ?? user?.namespace?.name ?? '';
  const image = below === '' ? `${data.host}/alpine` : `${data.host}/${below}/alpine`;
  return (
    <Stack gap="xs" maw={600} w="100%">
      <Text size="sm">{t('browse.push.how')}</Text>
      {user && <CopyLine value={`docker login ${data.host}`} label={t('browse.push.login')} />}
      <CopyLine value={`docker tag alpine ${image}`} label={t('browse.push.tag')} />
      <CopyLine value={`docker push ${image}`} label={t('browse.push.push')} />
    </Stack>
  );
}
