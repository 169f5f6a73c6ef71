/** The way down to a directory or a file, and up again. */
import {Anchor, Breadcrumbs, Text} from '@mantine/core';
import {Link} from 'react-router';
import {t} from '../../../texts/texts.ts';
import {useFilesPlace} from './use-files-place.ts';

export function PathCrumbs() {
  const {path, file, to} = useFilesPlace();
  const names = (file ?? path).split('/').filter((name) => name !== '');
  const last = names.at(-1);
  return (
    <Breadcrumbs
      component="nav"
      aria-label={t('browse.files.path')}
      styles={{breadcrumb: {whiteSpace: 'normal'}}}
    >
      {last !== undefined && (
        <Anchor component={Link} to={to({path: '/'})} size="sm">
          {t('browse.files.root')}
        </Anchor>
      )}
      {names.slice(0, -1).map((name, index) => {
        const above = `/${names.slice(0, index + 1).join('/')}`;
        return (
          <Anchor key={above} component={Link} to={to({path: above})} size="sm" className="wraps">
            {name}
          </Anchor>
        );
      })}
      <Text size="sm" className="wraps" aria-current="page">
        {last ?? t('browse.files.root')}
      </Text>
    </Breadcrumbs>
  );
}
