/** Asks what a cell of a table asks, and finds the word for the answer. */
import type {Caller, Place, Way} from './callers.ts';
import {type Proof, proofOf, scopeIn} from './proof.ts';
import type {Filling} from './filling.ts';
import {fillingOf} from './requests.ts';
import {fillPath} from './routes.ts';
import {wordOf} from './words.ts';
import type {World} from './world.ts';

export interface Cell {
  readonly place: Place;
  readonly way: Way;
  readonly row: string;
  readonly caller: Caller;
}

interface Answer {
  readonly word: string;
  readonly challenge: string | null;
}

/** Of every method and every path of the route: where they differ, all the words. */
export async function ask(world: World, cell: Cell): Promise<string> {
  const {place, way, row, caller} = cell;
  const repository =
    place === 'general' || place === 'api' ? undefined : world.repository(place, caller, way);
  const login = world.logins.get(caller);
  const {refreshToken} = world.kept.get(caller) ?? {};
  const filling = fillingOf(row, {caller, way, login, refreshToken}, repository);
  const parameters = {...filling.parameters, name: repository?.name ?? ''};
  const requests = world.routes
    .filter((route) => route.row === row)
    .flatMap(({methods, path}) =>
      fillPath(path, parameters).flatMap((filled) => methods.map((method) => ({method, filled}))),
    );
  const words = await Promise.all(
    requests.map(async ({method, filled}) => {
      const url = `${world.url}${filled}${filling.query ?? ''}`;
      const send = async (proof?: Proof) => exchange(url, method, filling, proof);
      // Elsewhere nobody is told what a token is to be for, and a request without one may have its effect.
      const isChallenged = way === 'Bearer' && filled.startsWith('/v2') && row !== 'POST token';
      const scope = isChallenged ? scopeIn((await send()).challenge) : undefined;
      return (await send(await proofOf(world, cell, scope))).word;
    }),
  );
  return [...new Set(words)].sort().join('/');
}

async function exchange(
  url: string,
  method: string,
  {headers, body}: Filling,
  proof: Proof = {},
): Promise<Answer> {
  const answer = await fetch(url, {
    method,
    headers: {...headers, ...proof},
    ...(body === undefined ? {} : {body}),
  });
  const challenge = answer.headers.get('WWW-Authenticate');
  // What goes on for ever tells nothing more.
  const isStream = answer.headers.get('Content-Type') === 'text/event-stream';
  if (isStream) await answer.body?.cancel();
  return {word: wordOf(answer, isStream ? '' : await answer.text(), method), challenge};
}
