/** What happens in the registry, as it happens: one stream for all pages of a window, while somebody looks at it. */
import {useQueryClient} from '@tanstack/react-query';
import {type ReactNode, useEffect, useState} from 'react';
import {LiveContext} from './live-context.ts';
import {LiveEvents} from './live-events.ts';
import {useSession} from '../session/use-session.ts';

/** In milliseconds. */
const listsAgainAfter = 2000;

/**
 * Pages name what they have asked for `['content', 'repository', full_name, ...]` or `['content', 'list', ...]`, and what nobody
 * looks at at present is asked for again when somebody does.
 */
export function Live({children}: {readonly children: ReactNode}) {
  const queryClient = useQueryClient();
  const {user} = useSession();
  const [events] = useState(() => new LiveEvents());
  useEffect(() => events.open(), [events, user?.name]);
  useEffect(() => {
    let timer: number | undefined;
    const stop = events.listen((told) => {
      for (const repository of new Set(told.map((event) => event.repository))) {
        void queryClient.invalidateQueries({queryKey: ['content', 'repository', repository]});
      }
      // However many repositories are pushed to: lists are asked for again once in a while.
      timer ??= window.setTimeout(() => {
        timer = undefined;
        void queryClient.invalidateQueries({queryKey: ['content', 'list']});
      }, listsAgainAfter);
    });
    return () => {
      stop();
      window.clearTimeout(timer);
    };
  }, [events, queryClient]);
  return <LiveContext value={events}>{children}</LiveContext>;
}
