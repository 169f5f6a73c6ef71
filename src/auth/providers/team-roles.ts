/** Into which teams what a provider says puts somebody. */
import {type Role, roles} from '../../metadata/words.ts';
import type {TeamRole} from '../ports.ts';

/** Names in lower case, each once, and of several roles the highest. */
export function teamRoles(found: Iterable<TeamRole>): readonly TeamRole[] {
  const highest = new Map<string, Role>();
  for (const {team: given, role} of found) {
    const team = given.toLowerCase();
    // A letter of another script has become one of ours (the sign of Kelvin a k): another group would be the team.
    if (ascii(team) !== ascii(given)) continue;
    const former = highest.get(team);
    const isHigher = former === undefined || roles.indexOf(role) > roles.indexOf(former);
    if (isHigher) highest.set(team, role);
  }
  return [...highest].map(([team, role]) => ({team, role}));
}

/** How many of its letters are of ASCII. */
const ascii = (text: string): number => text.replaceAll(/[^\x20-\x7e]/g, '').length;
