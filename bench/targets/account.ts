/** Who the harness is, where a registry wants to know. */
import {z} from 'zod';
import {Connection} from '../client/connection.ts';

export type Account = {
  /** The first component of its own repositories, too. */
  readonly name: string;
  readonly password: string;
};

export type Known = {
  /** Without a slash at its end. */
  readonly url: string;
  /** Absent: everybody may everything. */
  readonly account?: Account;
};

const answer = z.object({token: z.string()});

/** With the name and the password in it, as a `Connection` takes them. */
export function urlOf({url, account}: Known): string {
  if (account === undefined) return url;
  const own = new URL(url);
  own.username = account.name;
  own.password = account.password;
  return own.href;
}

/** Path and query of the question for a token. */
export function tokenPath(repository: string, actions = 'pull'): string {
  const query = new URLSearchParams({service: 'holdfast'});
  query.set('scope', `repository:${repository}:${actions}`);
  return `/auth/token?${query.toString()}`;
}

/** What has to go along with each request for content of the repository. */
export async function bearerOf(
  server: Known,
  repository: string,
): Promise<Readonly<Record<string, string>>> {
  if (server.account === undefined) return {};
  const connection = new Connection(urlOf(server));
  try {
    const path = tokenPath(repository);
    const {body} = await connection.expect(200, {method: 'GET', path});
    return {Authorization: `Bearer ${answer.parse(JSON.parse(body.toString())).token}`};
  } finally {
    connection.close();
  }
}

export function basicOf({name, password}: Account): string {
  return `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
}
