/** What has just been pushed, or put back: pages show for a while that it is new. */
import {useEffect, useRef, useState} from 'react';
import type {RegistryEvent} from '../api/types.ts';
import {useLiveEvents} from './use-live-events.ts';

/** In milliseconds. */
const freshFor = 8000;

/** The keys of what is fresh; those of events without one are left out. */
export function useFresh(keyOf: (event: RegistryEvent) => string | undefined): ReadonlySet<string> {
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const timers = useRef(new Set<number>());
  useEffect(() => {
    const all = timers.current;
    return () => {
      for (const timer of all) window.clearTimeout(timer);
    };
  }, []);
  useLiveEvents((events) => {
    const keys = events
      .filter(({action}) => action !== 'delete')
      .map(keyOf)
      .filter((key) => key !== undefined);
    if (keys.length === 0) return;
    setFresh((former) => new Set([...former, ...keys]));
    const timer = window.setTimeout(() => {
      timers.current.delete(timer);
      setFresh((former) => new Set([...former].filter((key) => !keys.includes(key))));
    }, freshFor);
    timers.current.add(timer);
  });
  return fresh;
}
