/** Every route of the running server, every kind of caller: what tables.ts says. */
import test from 'ava';
import {startWithAccounts} from '../../support/accounts.ts';
import {apiTables} from './api-tables.ts';
import {compare, expectedIn} from './compare.ts';
import {kindOf, routesOf} from './routes.ts';
import {tables} from './tables.ts';
import {openWorld} from './world.ts';

test('every route has its row in the tables, and every row is that of a route', async (t) => {
  const routes = routesOf(await startWithAccounts(t));
  const rowsOf = (wanted: ReturnType<typeof kindOf>) => [
    ...new Set(routes.filter((each) => kindOf(each) === wanted).map(({row}) => row)),
  ];
  for (const {place, way, table} of expectedIn({...tables, ...apiTables})) {
    t.deepEqual(
      [...table.keys()],
      rowsOf(place === 'general' || place === 'api' ? place : 'repository'),
      `${place} by ${way}`,
    );
  }
});

test('every route answers every caller as the tables say, and what is refused changes nothing', async (t) => {
  await compare(t, await openWorld(t), tables);
});

test('every route of the API answers every caller as its table says, and what is refused changes nothing', async (t) => {
  await compare(t, await openWorld(t, {}, []), apiTables);
});
