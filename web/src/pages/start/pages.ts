/** Where one arrives. */
import type {RouteObject} from 'react-router';

export const startPages: RouteObject[] = [
  {index: true, lazy: async () => ({Component: (await import('./dashboard.tsx')).Dashboard})},
];
