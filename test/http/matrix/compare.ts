/** Asks for all cells of tables, side by side: first what is to be refused, which must change nothing, then the rest. */
import type {ExecutionContext} from 'ava';
import {ask, type Cell} from './ask.ts';
import {type Place, places, type Way, ways} from './callers.ts';
import {formatTable, parseTable, type Table} from './table.ts';
import {isRefusal} from './words.ts';
import type {World} from './world.ts';

/** Any of the places and ways. */
export type Tables = Readonly<Partial<Record<Place, Readonly<Partial<Record<Way, string>>>>>>;

interface Expected {
  readonly place: Place;
  readonly way: Way;
  readonly table: Table;
}

export const expectedIn = (tables: Tables): readonly Expected[] =>
  places.flatMap((place) =>
    ways.flatMap((way) => {
      const text = tables[place]?.[way];
      return text === undefined ? [] : [{place, way, table: parseTable(text)}];
    }),
  );

/** More than that, and a busy machine is too slow for what has to be answered within seconds. */
const mostAtOnce = 64;

export async function compare(t: ExecutionContext, world: World, tables: Tables): Promise<void> {
  const expected = expectedIn(tables);
  const cells = expected.flatMap(({place, way, table}) =>
    [...table].flatMap(([row, words]) =>
      [...words].map(([caller, word]) => ({place, way, row, caller, word})),
    ),
  );
  const got = new Map<string, string>();
  const askAll = async (asked: readonly Cell[]): Promise<void> => {
    const rest = asked.values();
    const askOn = async (): Promise<void> => {
      for (const cell of rest) got.set(keyOf(cell), await ask(world, cell));
    };
    await Promise.all(Array.from({length: mostAtOnce}, askOn));
  };

  const before = await world.state();
  await askAll(cells.filter(({word}) => isRefusal(word)));
  const changes = difference(before, await world.state());
  t.deepEqual(changes, {gone: [], come: []}, 'what was refused has changed something');
  await askAll(cells.filter(({word}) => !isRefusal(word)));

  for (const {place, way, table} of expected) {
    const answered = new Map(
      [...table].map(([row, words]) => [
        row,
        new Map(
          [...words.keys()].map((caller) => [
            caller,
            got.get(keyOf({place, way, row, caller})) ?? '',
          ]),
        ),
      ]),
    );
    t.is(formatTable(answered), formatTable(table), `${place} by ${way}`);
  }
}

/** Short, where the lists are long. */
function difference(before: readonly string[], after: readonly string[]) {
  const [former, latter] = [new Set(before), new Set(after)];
  return {
    gone: before.filter((line) => !latter.has(line)),
    come: after.filter((line) => !former.has(line)),
  };
}

const keyOf = ({place, way, row, caller}: Cell): string => [place, way, row, caller].join(' ');
