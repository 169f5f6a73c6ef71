/** A page of its own, as that of the sign-in. */
import {Center, Stack} from '@mantine/core';
import {Outlet} from 'react-router';
import {Brand} from './brand.tsx';

export function WholePage() {
  return (
    <Center component="main" mih="100vh" p="md">
      <Stack align="stretch" w="100%" maw={460} gap="lg">
        <Brand />
        <Outlet />
      </Stack>
    </Center>
  );
}
