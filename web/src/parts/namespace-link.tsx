/** The name of a namespace, which leads to it where there are pages of namespaces. */
import {Anchor, Text} from '@mantine/core';
import {Link} from 'react-router';
import {addresses} from '../addresses.ts';
import {useSession} from '../session/use-session.ts';

export function NamespaceLink({name}: {readonly name: string}) {
  const {authMode} = useSession();
  const shown = name === '' ? '/' : name;
  return authMode === 'none' ? (
    <Text span size="sm" className="wraps">
      {shown}
    </Text>
  ) : (
    <Anchor component={Link} to={addresses.namespace(name)} size="sm" className="wraps">
      {shown}
    </Anchor>
  );
}
