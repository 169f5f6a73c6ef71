/** Which pages are shown, and to whom. */
export interface Picture {
  readonly name: string;
  readonly path: string;
  /** Nobody unless given. */
  readonly as?: string;
  readonly isDark?: boolean;
  readonly isNarrow?: boolean;
  /** What is there when the page is. */
  readonly ready: string | RegExp;
}

const frontend = '/repositories/shop~frontend';

export const pictures: readonly Picture[] = [
  {name: 'sign-in', path: '/sign-in', ready: 'Password'},
  {name: 'dashboard', path: '/', as: 'anna', ready: 'shop/frontend'},
  {name: 'dashboard-dark', path: '/', as: 'anna', isDark: true, ready: 'shop/frontend'},
  {name: 'repositories', path: '/repositories', as: 'anna', ready: 'shop/checkout'},
  {name: 'repository', path: frontend, as: 'anna', ready: '1.9.0'},
  {name: 'repository-narrow', path: frontend, as: 'anna', isNarrow: true, ready: '1.9.0'},
  {name: 'tag', path: `${frontend}/tags/1.9.0`, as: 'anna', ready: 'linux/amd64'},
  {name: 'team', path: '/teams/makers', as: 'anna', ready: 'carla'},
  {name: 'activities', path: '/activities', as: 'admin', ready: 'carla'},
  {name: 'health', path: '/admin/health', as: 'admin', ready: /storage/i},
];
