/** The routes that a running server has, as it tells them itself. */
import {z} from 'zod';
import type {InProcess} from '../../support/in-process.ts';

export interface Route {
  /** `METHOD name`, as in the tables. */
  readonly row: string;
  /** HEAD stands in no row of its own: it is answered wherever GET is. */
  readonly methods: readonly string[];
  /** `/v2/*name/tags/list` */
  readonly path: string;
}

const told = z.array(z.object({name: z.string(), methods: z.array(z.string()), path: z.string()}));

export function routesOf({log}: Pick<InProcess, 'log'>): readonly Route[] {
  const line = log.find(({msg}) => msg === 'routes');
  return told.parse(line?.['routes']).flatMap(({name, methods, path}) => {
    const others = methods.filter((method) => method !== 'HEAD');
    if (others.length === 0) return [{row: `HEAD ${name}`, methods, path}];
    return others.map((method) => {
      const isAlsoHead = method === 'GET' && methods.includes('HEAD');
      return {row: `${method} ${name}`, methods: isAlsoHead ? ['GET', 'HEAD'] : [method], path};
    });
  });
}

const isOfApi = ({path}: Pick<Route, 'path'>): boolean => path.startsWith('/api/');

/** In which tables it stands: that of the API, the general ones, or those of repositories. */
export function kindOf(route: Pick<Route, 'path'>): 'api' | 'general' | 'repository' {
  if (isOfApi(route)) return 'api';
  return isOfRepository(route) ? 'repository' : 'general';
}

export const isOfRepository = ({path}: Pick<Route, 'path'>): boolean => path.includes('*name');

/** One for each way in which the optional part can be left out or written. */
export function fillPath(
  pattern: string,
  {name = '', ...parameters}: Readonly<Record<string, string>>,
): readonly string[] {
  const filled = pattern
    .replace('*name', name)
    .replaceAll(/:(\w+)/g, (_, parameter: string) => parameters[parameter] ?? '');
  if (!filled.includes('{')) return [filled];
  return [filled.replaceAll(/\{[^}]*\}/g, ''), filled.replaceAll(/[{}]/g, '')];
}
