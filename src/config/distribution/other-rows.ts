/** What else there is in Distribution's configuration, and can't be had here, or need not. */
import {isTree} from '../tree.ts';
import type {Draft, Row} from './row.ts';

/** Entries of a list that are not switched off. */
const active = (list: unknown): readonly unknown[] =>
  Array.isArray(list)
    ? list.filter((entry: unknown) => !(isTree(entry) && entry['disabled'] === true))
    : [];

const lost =
  (keys: readonly string[], message: string) =>
  (draft: Draft): void => {
    for (const key of keys) if (draft.value(key) !== undefined) draft.warn(key, message);
  };

export const otherRows: readonly Row[] = [
  {
    keys: ['proxy.remoteurl'],
    becomes: '**Fault**: Holdfast is no cache of another registry. Remove `proxy`.',
    translate: (draft) => {
      if (draft.text('proxy.remoteurl') === undefined) return;
      draft.fault(
        'proxy.remoteurl',
        'Holdfast is no cache of another registry, and would answer 404 for what is not there: remove proxy, or keep Distribution for it',
      );
    },
  },
  {keys: ['proxy.*'], becomes: 'Nothing without `proxy.remoteurl`.'},
  {
    keys: ['middleware'],
    becomes: '**Fault** where one is not `disabled`: there are none.',
    translate: (draft) => {
      const middleware = draft.value('middleware');
      const kinds = isTree(middleware) ? Object.values(middleware) : [];
      if (!kinds.some((list) => active(list).length > 0)) return;
      draft.fault(
        'middleware',
        'Holdfast has none, and content would come otherwise than by it: remove it, or set disabled',
      );
    },
  },
  {
    keys: ['compatibility.schema1.enabled'],
    becomes: '**Fault** where it is true: manifests of schema 1 are not served.',
    translate: (draft) => {
      const key = 'compatibility.schema1.enabled';
      if (draft.flag(key) !== true) return;
      draft.fault(
        key,
        'manifests of schema 1 are not served: push those images anew, and remove it',
      );
    },
  },
  {keys: ['compatibility.schema1.*'], becomes: 'Nothing.'},
  {
    keys: ['validation.manifests', 'policy.repository.classes'],
    becomes: 'Lost, with a warning: pushes are not looked at for it.',
    translate: lost(
      ['validation.manifests', 'policy.repository.classes'],
      'is not looked at: a push that it would refuse is accepted',
    ),
  },
  {
    keys: ['reporting.bugsnag', 'reporting.newrelic'],
    becomes: 'Lost, with a warning: see the metrics.',
    translate: lost(['reporting.bugsnag', 'reporting.newrelic'], 'is told nothing'),
  },
  {
    keys: ['version'],
    becomes: 'Must be `0.1`.',
  },
  {
    keys: ['health', 'redis', 'catalog', 'notifications.events.*', 'validation.*'],
    becomes:
      'Nothing: `/readyz` always looks at the storage, and no Redis is needed; the rest has no counterpart.',
  },
];
