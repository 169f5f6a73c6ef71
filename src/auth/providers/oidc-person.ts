/** Whom the claims of a provider are about, and what the rules make of them. */
import {hash} from 'node:crypto';
import type {OidcSettings} from '../../config/oidc-schema.ts';
import type {Identity, RedirectResult, TeamRole} from '../ports.ts';
import {anyMatch, type Claims, hasClaim, isMatch, valuesOf} from './claim-rules.ts';
import {ProviderFault} from './provider-fault.ts';
import {teamRoles} from './team-roles.ts';

/** In characters. */
const longestText = 128;

/** Claims that the ID token should have; providers keep some for the userinfo endpoint. */
function wantedClaims(settings: OidcSettings): readonly string[] {
  const {claims, admins} = settings;
  return [
    claims.username,
    claims.displayName,
    claims.email,
    ...(usesGroups(settings) ? [claims.groups] : []),
    ...admins.flatMap(({claim}) => (claim === undefined ? [] : [claim])),
  ];
}

/** Throws a ProviderFault where the groups are not to be had: to take them for none would throw people out of their teams. */
export function personOf(claims: Claims, settings: OidcSettings): RedirectResult {
  const {requiredGroups, admins, teams, id} = settings;
  const groups = groupsOf(claims, settings);
  if (requiredGroups.length > 0 && !anyMatch(requiredGroups, groups)) {
    return {outcome: 'rejected', reason: 'missing-group'};
  }
  const email = emailOf(claims, settings.claims.email);
  const displayName = textOf(claims, settings.claims.displayName);
  const isAdmin = admins.some(({group, claim = '', value = ''}) =>
    group === undefined
      ? anyMatch([value], trustedValues(claims, claim, settings))
      : anyMatch([group], groups),
  );
  const identity: Identity = {
    provider: sourceOf(id),
    subject: subjectOf(claims),
    username: usernameOf(claims, settings),
    nameSuffix: id,
    ...(displayName === undefined ? {} : {displayName}),
    ...(email === undefined ? {} : {email}),
    ...(admins.length === 0 ? {} : {isAdmin}),
    ...(teams.length === 0 ? {} : {teams: teamsOf(groups, settings)}),
  };
  return {outcome: 'accepted', identity};
}

/** As accounts name it: `ldap` and the like are other providers. */
export const sourceOf = (id: string): string => `oidc:${id}`;

const usesGroups = ({requiredGroups, admins, teams}: OidcSettings): boolean =>
  requiredGroups.length > 0 || teams.length > 0 || admins.some(({group}) => group !== undefined);

function groupsOf(claims: Claims, settings: OidcSettings): readonly string[] {
  const {groups: name} = settings.claims;
  if (!usesGroups(settings)) return [];
  const elsewhere = claims['_claim_names'];
  if (typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, name)) {
    throw new ProviderFault({
      url: settings.issuer,
      finding: 'somebody is in more groups than the provider puts into a token',
      advice: 'have it send those alone that are assigned to this application',
    });
  }
  return trustedValues(claims, name, settings);
}

/** An address that the provider knows to be nobody's gives nobody a right. */
function trustedValues(claims: Claims, name: string, settings: OidcSettings): readonly string[] {
  if (name !== settings.claims.email && name !== 'email') return valuesOf(claims, name);
  const email = emailOf(claims, name);
  return email === undefined ? [] : [email];
}

/** What never changes of somebody: who says it, and what it calls him. What another issuer calls the same is somebody else. */
export const subjectOf = ({iss, sub}: {readonly iss?: unknown; readonly sub?: unknown}): string =>
  hash('sha256', JSON.stringify([iss, sub]), 'hex');

/** The claim that is set, or the part of the address before its @, or what the provider calls him. */
function usernameOf(claims: Claims, settings: OidcSettings): string {
  const [name] = valuesOf(claims, settings.claims.username);
  if (name !== undefined && name !== '') return name;
  const [mailbox = ''] = emailOf(claims, settings.claims.email)?.split('@') ?? [];
  return mailbox === '' ? String(claims['sub']) : mailbox;
}

/** Not one that the provider knows to be nobody's. */
function emailOf(claims: Claims, name: string): string | undefined {
  const [email = ''] = valuesOf(claims, name);
  const [isVerified] = valuesOf(claims, 'email_verified');
  if (isVerified === 'false' || email.length > 254) return undefined;
  return /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email) ? email : undefined;
}

/** On one line, as names of people are shown on terminals. */
function textOf(claims: Claims, name: string): string | undefined {
  const [text = ''] = valuesOf(claims, name);
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return line === '' ? undefined : Array.from(line).slice(0, longestText).join('');
}

/** The names of groups become those of teams where they are of ASCII alone. */
function teamsOf(groups: readonly string[], {teams}: OidcSettings): readonly TeamRole[] {
  return teamRoles(
    teams.flatMap(({group, team, as: role}) =>
      groups
        .filter((name) => isMatch(group, name) && (team !== undefined || isOfAscii(name)))
        .map((name) => ({team: team ?? name, role})),
    ),
  );
}

const isOfAscii = (name: string): boolean => /^[\x20-\x7e]+$/.test(name);

export const missingClaims = (claims: Claims, settings: OidcSettings): boolean =>
  wantedClaims(settings).some((name) => !hasClaim(claims, name));
