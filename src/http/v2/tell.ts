/** Tells of what a request has done to content: to whoever wants to know. */
import type {Deed, Happening} from '../../metadata/events/event.ts';
import type {Notifications} from '../../notifications/open-notifications.ts';
import type {Context} from '../context.ts';
import {originOf} from '../origin.ts';

type Done = Omit<Deed, 'size'> & Pick<Happening, 'repository' | 'tag' | 'from'>;

/** Resolves when it is written down, or nobody wants to know. `size` is asked only where somebody does; what it rejects with, this does. */
export type Tell = (
  ctx: Context,
  done: Done,
  size?: () => number | Promise<number>,
) => Promise<void>;

export const createTell =
  (notifications: Pick<Notifications, 'wants' | 'record'>, now: () => Date): Tell =>
  async (ctx, done, size) => {
    if (!notifications.wants(done)) return;
    const happening = {...done, ...originOf(ctx), at: now().getTime(), size: await size?.()};
    await notifications.record(happening);
  };
