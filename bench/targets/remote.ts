/** A registry that runs already, given by its URL. */
import {listenerOf} from './listener.ts';
import type {Target} from './target.ts';

/** Throws where the place is no URL of a registry. */
export function remote(name: string, place: string): Target {
  const url = new URL(place);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(`${place} is neither http:// nor https://`);
  }
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  return {
    name,
    title: name,
    layout: undefined,
    protocols: [protocol],
    isRemote: true,
    start: async () => ({
      url: url.origin,
      pid: await listenerOf(url),
      startedIn: undefined,
      stop: () => Promise.resolve(),
    }),
  };
}
