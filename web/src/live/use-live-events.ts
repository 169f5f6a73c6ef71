/** Calls back with what happens to content while the page is shown. */
import {useContext, useEffect, useEffectEvent} from 'react';
import type {RegistryEvent} from '../api/types.ts';
import {LiveContext} from './live-context.ts';

export function useLiveEvents(listener: (events: readonly RegistryEvent[]) => void): void {
  const live = useContext(LiveContext);
  const onEvents = useEffectEvent(listener);
  useEffect(
    () =>
      live.listen((events) => {
        onEvents(events);
      }),
    [live],
  );
}
