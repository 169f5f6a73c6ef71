/** What was asked for is kept for a while, and asked for again when the window is looked at again. */
import {QueryCache, MutationCache, QueryClient} from '@tanstack/react-query';
import {Problem} from './problem.ts';

/** In milliseconds. */
const freshFor = 15_000;
const mostAttempts = 2;

/** Again where that may help: not what was refused for good. */
const isWorthwhile = (attempts: number, error: Error): boolean =>
  attempts < mostAttempts &&
  error instanceof Problem &&
  (error.code === 'offline' || error.status === 503);

/** `onSessionEnded`: an answer has said that nobody is signed in. */
export function createQueryClient(onSessionEnded: () => void): QueryClient {
  const onError = (error: Error): void => {
    if (error instanceof Problem && error.status === 401) onSessionEnded();
  };
  return new QueryClient({
    queryCache: new QueryCache({onError}),
    mutationCache: new MutationCache({onError}),
    defaultOptions: {
      queries: {staleTime: freshFor, retry: isWorthwhile, networkMode: 'always'},
      mutations: {networkMode: 'always'},
    },
  });
}
