/** All resources about what the registry holds. */
import type {ContentOptions} from './content-options.ts';
import type {Resource} from './endpoint.ts';
import {compareEndpoints} from './resources/compare.ts';
import {eventEndpoints} from './resources/events.ts';
import {fileEndpoints} from './resources/files.ts';
import {manifestEndpoints} from './resources/manifests.ts';
import {manifestRemovalEndpoints} from './resources/manifest-removal.ts';
import {noteEndpoints} from './resources/notes.ts';
import {previewEndpoints} from './resources/previews.ts';
import {repositoryEndpoints} from './resources/repositories.ts';
import {searchEndpoints} from './resources/search.ts';
import {statisticsEndpoints} from './resources/statistics.ts';
import {tagHistoryEndpoints} from './resources/tag-history.ts';
import {tagEndpoints} from './resources/tags.ts';

export const contentResources = (options: ContentOptions): readonly Resource[] => [
  {
    name: 'repositories',
    description: 'Repositories, and what people say of them.',
    endpoints: [...repositoryEndpoints(options), ...noteEndpoints(options)],
  },
  {
    name: 'tags',
    description: 'Tags, what they point at, and what they pointed at before.',
    endpoints: [...tagEndpoints(options), ...tagHistoryEndpoints(options)],
  },
  {
    name: 'manifests',
    description: 'What tags point at, and what hangs on it.',
    endpoints: [...manifestEndpoints(options), ...manifestRemovalEndpoints(options)],
  },
  {
    name: 'files',
    description: 'What is in images and their layers, and what two images have in different.',
    endpoints: [...fileEndpoints(options), ...compareEndpoints(options)],
  },
  {
    name: 'previews',
    description: 'What a deletion would do.',
    endpoints: previewEndpoints(options),
  },
  {
    name: 'search',
    description: 'Finds repositories, tags, manifests, namespaces and people.',
    endpoints: searchEndpoints(options),
  },
  {
    name: 'statistics',
    description: 'How much the registry holds, and how much it is used.',
    endpoints: statisticsEndpoints(options),
  },
  {
    name: 'events',
    description: 'What happens to content, as it happens and as it was.',
    endpoints: eventEndpoints(options),
  },
];
