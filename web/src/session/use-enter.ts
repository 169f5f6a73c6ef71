/** What follows a sign-in: nothing is kept of what was seen before, and the pages know who is there now. */
import {useQueryClient} from '@tanstack/react-query';
import {sessionQuery} from './use-session.ts';

export function useEnter(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    const [own] = sessionQuery.queryKey;
    queryClient.removeQueries({predicate: ({queryKey}) => queryKey[0] !== own});
    await queryClient.query({...sessionQuery, staleTime: 0});
  };
}
