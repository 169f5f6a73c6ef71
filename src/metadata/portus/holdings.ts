/** All that Portus knows but its activities: thousands of rows, and not millions. */
import type {Findings} from './findings.ts';
import {
  type PortusComment,
  type PortusHeader,
  type PortusMembership,
  type PortusNamespace,
  type PortusRepository,
  type PortusStar,
  type PortusTeam,
  type PortusToken,
  type PortusUser,
  type PortusWebhook,
  toComment,
  toHeader,
  toMembership,
  toNamespace,
  toRepository,
  toStar,
  toTeam,
  toToken,
  toUser,
  toWebhook,
} from './records.ts';
import {type Row, wordOf} from './row.ts';
import type {PortusSource, PortusTable} from './source.ts';

export interface PortusHoldings {
  /** Which Portus it is: the first of its registries does not change. */
  readonly source: string;
  /** Hosts by which its clients may know it. */
  readonly registries: readonly string[];
  readonly users: readonly PortusUser[];
  readonly teams: readonly PortusTeam[];
  readonly memberships: readonly PortusMembership[];
  readonly namespaces: readonly PortusNamespace[];
  readonly repositories: readonly PortusRepository[];
  readonly tokens: readonly PortusToken[];
  readonly webhooks: readonly PortusWebhook[];
  readonly headers: readonly PortusHeader[];
  readonly stars: readonly PortusStar[];
  readonly comments: readonly PortusComment[];
}

export async function readHoldings(
  source: PortusSource,
  findings: Findings,
  onRows: (rows: number) => void,
): Promise<PortusHoldings> {
  const all = async <T>(
    table: PortusTable,
    toRecord: (row: Row) => T | undefined,
  ): Promise<readonly T[]> => {
    const records: T[] = [];
    for await (const rows of source.pages(table)) {
      for (const row of rows) {
        const record = toRecord(row);
        if (record === undefined)
          findings.add('unreadable-row', `${table} ${wordOf(row, 'id') ?? '?'}`);
        else records.push(record);
      }
      onRows(rows.length);
    }
    return records;
  };
  const hosts = await all('registries', (row) => [
    wordOf(row, 'hostname'),
    wordOf(row, 'external_hostname'),
  ]);
  const registries = hosts.flat().filter((host) => host !== undefined);
  return {
    source: `portus:${registries[0] ?? ''}`.slice(0, 255),
    registries: [...new Set(registries)],
    users: await all('users', toUser),
    teams: await all('teams', toTeam),
    memberships: await all('team_users', toMembership),
    namespaces: await all('namespaces', toNamespace),
    repositories: await all('repositories', toRepository),
    tokens: await all('application_tokens', toToken),
    webhooks: await all('webhooks', toWebhook),
    headers: await all('webhook_headers', toHeader),
    stars: await all('stars', toStar),
    comments: await all('comments', toComment),
  };
}
