/** Teams, robots, webhooks: what people look after. */
import type {RouteObject} from 'react-router';

export const managePages: RouteObject[] = [
  {path: 'teams', lazy: async () => ({Component: (await import('./teams.tsx')).Teams})},
  {path: 'teams/:team', lazy: async () => ({Component: (await import('./team.tsx')).TeamPage})},
  {
    path: 'namespaces/new',
    lazy: async () => ({Component: (await import('./new-namespace.tsx')).NewNamespace}),
  },
  {
    path: 'namespaces/:namespace/settings',
    lazy: async () => ({
      Component: (await import('./namespace-settings.tsx')).NamespaceSettings,
    }),
  },
  {
    path: 'namespaces/:namespace/webhooks',
    lazy: async () => ({Component: (await import('./webhooks.tsx')).Webhooks}),
  },
  {
    path: 'webhooks/:webhook',
    lazy: async () => ({Component: (await import('./webhook.tsx')).WebhookPage}),
  },
  {path: 'robots', lazy: async () => ({Component: (await import('./robots.tsx')).Robots})},
  {path: 'robots/:robot', lazy: async () => ({Component: (await import('./robot.tsx')).RobotPage})},
  {
    path: 'activities',
    lazy: async () => ({Component: (await import('./activities.tsx')).Activities}),
  },
  {
    path: 'activities/verification',
    lazy: async () => ({Component: (await import('./verification.tsx')).Verification}),
  },
];
