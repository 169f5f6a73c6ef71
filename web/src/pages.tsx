/** Every page and its address. Each is loaded when somebody comes to it. */
import {createBrowserRouter, type RouteObject} from 'react-router';
import {basePath} from './base.ts';
import {accountPages} from './pages/account/pages.ts';
import {adminPages} from './pages/admin/pages.ts';
import {browsePages} from './pages/browse/pages.ts';
import {managePages} from './pages/manage/pages.ts';
import {startPages} from './pages/start/pages.ts';
import {Loading} from './parts/loading.tsx';
import {patiently} from './patiently.ts';
import {NoPage} from './shell/no-page.tsx';
import {PageFailed} from './shell/page-failed.tsx';
import {Root} from './shell/root.tsx';
import {Shell} from './shell/shell.tsx';
import {WholePage} from './shell/whole-page.tsx';

const withPatience = (routes: readonly RouteObject[]): RouteObject[] =>
  routes.map((route) =>
    typeof route.lazy === 'function' ? {...route, lazy: patiently(route.lazy)} : route,
  );

export const createPages = () =>
  createBrowserRouter(
    [
      {
        Component: Root,
        HydrateFallback: Loading,
        ErrorBoundary: PageFailed,
        children: [
          {
            Component: WholePage,
            ErrorBoundary: PageFailed,
            children: withPatience(accountPages.whole),
          },
          {
            Component: Shell,
            children: [
              {
                ErrorBoundary: PageFailed,
                children: withPatience([
                  ...startPages,
                  ...browsePages,
                  ...managePages,
                  ...accountPages.inside,
                  ...adminPages,
                  {path: '*', Component: NoPage},
                ]),
              },
            ],
          },
        ],
      },
    ],
    {basename: basePath === '' ? '/' : basePath},
  );
