/** Tells systemd when the registry answers, that it still does, and when it stops. */
import type {ServiceManager} from '../config/service-manager.ts';
import {ServiceNotify} from '../host/service-notify.ts';
import {keepWatchdog} from '../host/watchdog.ts';
import {askHealth} from '../http/ask-health.ts';
import type {Logger} from '../observability/log.ts';

interface Reports {
  /** Requests are answered, there: the first address is asked whether it goes on. */
  ready(addresses: readonly {readonly url: string}[]): Promise<void>;
  /** No new connection is taken; so many requests are in flight. */
  stopping(requests: number): Promise<void>;
}

const toNobody: Reports = {
  ready: async () => Promise.resolve(),
  stopping: async () => Promise.resolve(),
};

export function reportTo({notify, meantFor}: ServiceManager, log: Logger): Reports {
  if (meantFor !== undefined) {
    log.warn({meantFor}, 'sockets were passed to another process: what starts it must exec');
  }
  if (!notify) return toNobody;
  const {watchdog} = notify;
  const manager = new ServiceNotify({
    ...notify,
    onFailure: (problem) => {
      log.warn({problem}, 'service manager not told');
    },
  });
  const stop = new AbortController();
  return {
    ready: async (addresses) => {
      const urls = addresses.map(({url}) => url);
      await manager.tell('READY=1', `STATUS=listens on ${urls.join(' and ')}`);
      const [first] = urls;
      if (watchdog === undefined || first === undefined) return;
      const signs = {
        limit: watchdog,
        prove: async (patience: number) => askHealth(first, patience),
        tell: async () => manager.tell('WATCHDOG=1'),
        onFailure: (error: unknown) => {
          log.error({err: error}, 'no sign of life for the service manager: no answer');
        },
      };
      void keepWatchdog(signs, stop.signal);
    },
    stopping: async (requests) => {
      stop.abort();
      await manager.tell('STOPPING=1', `STATUS=stopping, ${requests} requests in flight`);
    },
  };
}
