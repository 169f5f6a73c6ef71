/** Names of teams: for people's eyes, never part of a repository's name. */

/** 1 to 128 visible characters, without spaces around them. */
export type TeamName = string & {readonly __brand: 'TeamName'};

/** The names of the teams behind personal namespaces begin with it, and no others. */
const personal = 'user:';

/** Letters, marks, digits, punctuation, symbols and the plain space: nothing that looks like another, or like nothing. */
const isTeamName = (text: string): text is TeamName =>
  text.length <= 128 &&
  /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(text) &&
  !text.toLowerCase().startsWith(personal);

/** Trimmed, and composed (NFC); `undefined`: no name of a team. */
export function parseTeamName(text: string): TeamName | undefined {
  if (text.length > 1000) return undefined;
  const name = text.trim().normalize('NFC');
  return isTeamName(name) ? name : undefined;
}

/** Of the team of one, behind the personal namespace. */
export const personalTeamName = (user: string): string => `${personal}${user}`;
