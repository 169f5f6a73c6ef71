/** Namespaces, repositories, tags, and what is in them. */
import type {RouteObject} from 'react-router';

export const browsePages: RouteObject[] = [
  {
    path: 'repositories',
    lazy: async () => ({
      Component: (await import('./repositories/repositories.tsx')).Repositories,
    }),
  },
  {
    path: 'repositories/:repository',
    lazy: async () => ({
      Component: (await import('./repository/repository-page.tsx')).RepositoryPage,
    }),
  },
  {
    path: 'repositories/:repository/tags/:tag',
    lazy: async () => ({Component: (await import('./image/tag-page.tsx')).TagPage}),
  },
  {
    path: 'repositories/:repository/manifests/:digest',
    lazy: async () => ({Component: (await import('./image/manifest-page.tsx')).ManifestPage}),
  },
  {
    path: 'repositories/:repository/manifests/:digest/files',
    lazy: async () => ({Component: (await import('./files/files-page.tsx')).FilesPage}),
  },
  {
    path: 'repositories/:repository/compare',
    lazy: async () => ({Component: (await import('./compare/compare-page.tsx')).ComparePage}),
  },
  {
    path: 'namespaces',
    lazy: async () => ({Component: (await import('./namespaces/namespaces.tsx')).Namespaces}),
  },
  {
    path: 'namespaces/:namespace',
    lazy: async () => ({
      Component: (await import('./namespaces/namespace-page.tsx')).NamespacePage,
    }),
  },
  {
    path: 'search',
    lazy: async () => ({Component: (await import('./search/search-page.tsx')).SearchPage}),
  },
];
