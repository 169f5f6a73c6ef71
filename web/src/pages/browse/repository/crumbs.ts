/** Where a repository lies. */
import {addresses} from '../../../addresses.ts';
import {t} from '../../../texts/texts.ts';
import type {Repository} from '../../../api/types.ts';

export const crumbsOf = ({namespace}: Pick<Repository, 'namespace'>) => [
  {title: t('browse.repositories.title'), to: '/repositories'},
  ...(namespace === null
    ? []
    : [
        {
          title: namespace === '' ? t('browse.namespaces.root') : namespace,
          to: addresses.namespace(namespace),
        },
      ]),
];
