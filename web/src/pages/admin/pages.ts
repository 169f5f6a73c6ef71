/** For admins alone. */
import type {RouteObject} from 'react-router';

export const adminPages: RouteObject[] = [
  {path: 'admin/users', lazy: async () => ({Component: (await import('./users.tsx')).Users})},
  {
    path: 'admin/users/:user',
    lazy: async () => ({Component: (await import('./user.tsx')).UserPage}),
  },
  {
    path: 'admin/health',
    lazy: async () => ({Component: (await import('./health.tsx')).HealthPage}),
  },
  {path: 'admin/system', lazy: async () => ({Component: (await import('./system.tsx')).System})},
];
