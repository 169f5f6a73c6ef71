/** Signing in, and what belongs to whoever has. */
import type {RouteObject} from 'react-router';

export const accountPages: {
  /** Without the navigation: nobody has signed in there. */
  readonly whole: RouteObject[];
  readonly inside: RouteObject[];
} = {
  whole: [
    {path: 'start', lazy: async () => ({Component: (await import('./start.tsx')).Start})},
    {path: 'sign-in', lazy: async () => ({Component: (await import('./sign-in.tsx')).SignIn})},
    {path: 'sign-up', lazy: async () => ({Component: (await import('./sign-up.tsx')).SignUp})},
    {
      path: 'signed-in-again',
      lazy: async () => ({Component: (await import('./signed-in-again.tsx')).SignedInAgain}),
    },
  ],
  inside: [
    {path: 'connect', lazy: async () => ({Component: (await import('./connect.tsx')).Connect})},
    {path: 'profile', lazy: async () => ({Component: (await import('./profile.tsx')).Profile})},
    {
      path: 'profile/tokens',
      lazy: async () => ({Component: (await import('./tokens.tsx')).Tokens}),
    },
  ],
};
