/** The rows of Portus' tables, as far as they have something for us. Ids are its own numbers. */
import type {Role, Visibility} from '../words.ts';
import {isTrue, numberOf, type Row, textOf, timeOf, wordOf} from './row.ts';

export interface PortusUser {
  readonly id: number;
  readonly username: string;
  readonly email: string | undefined;
  readonly hash: string | undefined;
  readonly isAdmin: boolean;
  readonly isEnabled: boolean;
  readonly isBot: boolean;
  readonly isLocked: boolean;
  readonly ldapName: string | undefined;
  readonly displayName: string | undefined;
  readonly provider: string | undefined;
  readonly uid: string | undefined;
  /** Of his own. */
  readonly namespaceId: number | undefined;
  readonly createdAt: number | undefined;
}

export function toUser(row: Row): PortusUser | undefined {
  const [id, username] = [numberOf(row, 'id'), textOf(row, 'username')];
  if (id === undefined || username === undefined) return undefined;
  return {
    id,
    username,
    email: wordOf(row, 'email'),
    hash: wordOf(row, 'encrypted_password'),
    isAdmin: isTrue(row, 'admin'),
    isEnabled: isTrue(row, 'enabled'),
    isBot: isTrue(row, 'bot'),
    isLocked: wordOf(row, 'locked_at') !== undefined || row['locked_at'] instanceof Date,
    ldapName: wordOf(row, 'ldap_name'),
    displayName: wordOf(row, 'display_name'),
    provider: wordOf(row, 'provider'),
    uid: wordOf(row, 'uid'),
    namespaceId: numberOf(row, 'namespace_id'),
    createdAt: timeOf(row, 'created_text'),
  };
}

export interface PortusTeam {
  readonly id: number;
  readonly name: string;
  readonly isHidden: boolean;
  readonly description: string;
  /** Whether groups of the directory are looked at no more. */
  readonly isUnsynced: boolean;
  readonly createdAt: number | undefined;
}

/** Of ldap_group_checked. */
const groupsOff = 2;

export function toTeam(row: Row): PortusTeam | undefined {
  const [id, name] = [numberOf(row, 'id'), textOf(row, 'name')];
  if (id === undefined || name === undefined) return undefined;
  return {
    id,
    name,
    isHidden: isTrue(row, 'hidden'),
    description: textOf(row, 'description') ?? '',
    isUnsynced: numberOf(row, 'ldap_group_checked') === groupsOff,
    createdAt: timeOf(row, 'created_text'),
  };
}

export interface PortusMembership {
  readonly id: number;
  readonly userId: number;
  readonly teamId: number;
  /** Absent: there is no such role. */
  readonly role: Role | undefined;
  readonly createdAt: number | undefined;
}

const rolesByNumber: readonly Role[] = ['viewer', 'contributor', 'owner'];

export function toMembership(row: Row): PortusMembership | undefined {
  const [id, userId] = [numberOf(row, 'id'), numberOf(row, 'user_id')];
  const teamId = numberOf(row, 'team_id');
  if (id === undefined || userId === undefined || teamId === undefined) return undefined;
  const role = rolesByNumber[numberOf(row, 'role') ?? -1];
  return {id, userId, teamId, role, createdAt: timeOf(row, 'created_text')};
}

export interface PortusNamespace {
  readonly id: number;
  /** Of the global one it means nothing. */
  readonly name: string;
  readonly teamId: number | undefined;
  readonly isGlobal: boolean;
  readonly description: string;
  readonly visibility: Visibility | undefined;
  readonly createdAt: number | undefined;
}

const visibilitiesByNumber: readonly Visibility[] = ['private', 'protected', 'public'];

export function toNamespace(row: Row): PortusNamespace | undefined {
  const id = numberOf(row, 'id');
  const isGlobal = isTrue(row, 'global');
  const name = textOf(row, 'name') ?? (isGlobal ? '' : undefined);
  if (id === undefined || name === undefined) return undefined;
  return {
    id,
    name,
    teamId: numberOf(row, 'team_id'),
    isGlobal,
    description: textOf(row, 'description') ?? '',
    visibility: visibilitiesByNumber[numberOf(row, 'visibility') ?? -1],
    createdAt: timeOf(row, 'created_text'),
  };
}

export interface PortusRepository {
  readonly id: number;
  readonly name: string;
  readonly namespaceId: number;
  readonly description: string;
}

export function toRepository(row: Row): PortusRepository | undefined {
  const [id, name] = [numberOf(row, 'id'), textOf(row, 'name')];
  const namespaceId = numberOf(row, 'namespace_id');
  if (id === undefined || name === undefined || namespaceId === undefined) return undefined;
  return {id, name, namespaceId, description: textOf(row, 'description') ?? ''};
}

export interface PortusToken {
  readonly id: number;
  readonly userId: number;
  readonly application: string;
  readonly hash: string;
  readonly createdAt: number | undefined;
}

export function toToken(row: Row): PortusToken | undefined {
  const [id, userId] = [numberOf(row, 'id'), numberOf(row, 'user_id')];
  if (id === undefined || userId === undefined) return undefined;
  const application = textOf(row, 'application') ?? '';
  const hash = wordOf(row, 'token_hash') ?? '';
  return {id, userId, application, hash, createdAt: timeOf(row, 'created_text')};
}

export interface PortusWebhook {
  readonly id: number;
  readonly namespaceId: number | undefined;
  readonly name: string;
  readonly url: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly method: 'get' | 'post';
  readonly contentType: 'json' | 'form';
  readonly isEnabled: boolean;
  readonly createdAt: number | undefined;
}

export function toWebhook(row: Row): PortusWebhook | undefined {
  const id = numberOf(row, 'id');
  if (id === undefined) return undefined;
  const url = wordOf(row, 'url') ?? '';
  return {
    id,
    namespaceId: numberOf(row, 'namespace_id'),
    // Not the address: a password may stand in it.
    name: wordOf(row, 'name') ?? `webhook ${id}`,
    url,
    username: wordOf(row, 'username'),
    password: wordOf(row, 'password'),
    method: numberOf(row, 'request_method') === 1 ? 'post' : 'get',
    contentType: numberOf(row, 'content_type') === 1 ? 'form' : 'json',
    isEnabled: isTrue(row, 'enabled'),
    createdAt: timeOf(row, 'created_text'),
  };
}

export interface PortusHeader {
  readonly webhookId: number;
  readonly name: string;
  readonly value: string;
}

export function toHeader(row: Row): PortusHeader | undefined {
  const webhookId = numberOf(row, 'webhook_id');
  if (webhookId === undefined) return undefined;
  return {webhookId, name: textOf(row, 'name') ?? '', value: textOf(row, 'value') ?? ''};
}

export interface PortusStar {
  readonly id: number;
  readonly userId: number;
  readonly repositoryId: number;
  readonly createdAt: number | undefined;
}

export function toStar(row: Row): PortusStar | undefined {
  const [id, userId] = [numberOf(row, 'id'), numberOf(row, 'user_id')];
  const repositoryId = numberOf(row, 'repository_id');
  if (id === undefined || userId === undefined || repositoryId === undefined) return undefined;
  return {id, userId, repositoryId, createdAt: timeOf(row, 'created_text')};
}

export interface PortusComment {
  readonly id: number;
  readonly userId: number | undefined;
  readonly repositoryId: number;
  readonly body: string;
  readonly createdAt: number | undefined;
}

export function toComment(row: Row): PortusComment | undefined {
  const [id, repositoryId] = [numberOf(row, 'id'), numberOf(row, 'repository_id')];
  if (id === undefined || repositoryId === undefined) return undefined;
  const userId = numberOf(row, 'user_id');
  const body = textOf(row, 'body') ?? '';
  return {id, userId, repositoryId, body, createdAt: timeOf(row, 'created_text')};
}
