/**
 * The lists that people look through, of which each has a great many rows: `node bench/lists-http.ts [ROWS]`, by default 100,000 accounts, teams,
 * namespaces, robots and activities, as many repositories, and as many tags in one of them; as an admin, and as somebody of two teams.
 */
import {Agent, get} from 'node:http';
import {names, password} from './large-house.ts';
import {large, withManyRows} from './many-rows.ts';
import {tableHead, timedRow} from './timed-row.ts';

const rows = Number(process.argv[2] ?? 100_000);
const rounds = 30;
const agent = new Agent({keepAlive: true});

const lists: Readonly<Record<string, string>> = {
  users: '/users?',
  'users, last page': `/users?page=${Math.floor(rows / 25)}&`,
  teams: '/teams?',
  namespaces: '/namespaces?',
  'namespaces by part of a name': '/namespaces?name=m-99&',
  robots: '/robots?',
  repositories: '/repositories?',
  'repositories by last push': '/repositories?sort_attr=pushed_at&sort_order=desc&',
  'repositories, last page': `/repositories?page=${Math.floor(rows / 25)}&`,
  'tags of one repository': `/repositories/${large}/tags?`,
  'tags of one repository, last page': `/repositories/${large}/tags?page=${Math.floor(rows / 25)}&`,
  'tags of one repository, by digest': `/repositories/${large}/tags/grouped?`,
  activities: '/activities?',
  'activities, last page': `/activities?page=${Math.floor(rows / 25)}&`,
  'activities of a kind': '/activities?key=tag&',
  'what happened last': '/events/past?',
  search: '/search?q=e-77&',
};

async function ask(url: string, user: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, {agent, auth: `${user}:${password}`}, (answer) => {
      answer.resume();
      answer.once('end', () => {
        resolve(answer.statusCode ?? 0);
      });
    }).once('error', reject);
  });
}

await withManyRows(rows, async (server) => {
  for (const [who, user] of Object.entries(names)) {
    process.stdout.write(`\nas ${who}, ${rows} rows of each\n\n${tableHead}`);
    for (const [what, list] of Object.entries(lists)) {
      const url = `${server}/api/v1${list}${list.startsWith('/search') || list.startsWith('/events') ? '' : 'per_page=25'}`;
      const status = await ask(url, user);
      if (status === 200) await timedRow(what, rounds, async () => ask(url, user));
      else process.stdout.write(`| ${what} | ${status} | |\n`);
    }
  }
});
agent.destroy();
