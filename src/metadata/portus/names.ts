/** Names that Portus allows, and we do not, become the nearest that we do. */
import {parseTeamName, type TeamName} from '../team-name.ts';

/** In characters. */
const longest = 128;

const visible = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu, '')
    .replaceAll(/\s+/gu, ' ')
    .trim();

/** Of text on one line, as names of tokens and of people are; empty: nothing is left of it. */
export const lineOf = (text: string): string =>
  Array.from(visible(text)).slice(0, longest).join('').trim();

/** `free` tells whether a name is nobody's yet; at last its number makes it one. */
export function teamNameFor(
  text: string,
  id: number,
  free: (name: TeamName) => boolean,
): TeamName | undefined {
  const plain = visible(text).slice(0, longest);
  const base = plain.slice(0, longest - 20);
  const wanted = [plain, `${base} (Portus)`, `${base} (Portus ${id})`, `team ${id}`];
  return wanted
    .map(parseTeamName)
    .find((name): name is TeamName => name !== undefined && free(name));
}

/** Unique among `taken`. */
export function tokenNameFor(text: string, taken: ReadonlySet<string>): string {
  const plain = lineOf(text);
  const base = plain === '' ? 'token' : plain.slice(0, longest - 8).trim();
  if (plain !== '' && !taken.has(plain)) return plain;
  let number = 2;
  if (plain === '' && !taken.has(base)) return base;
  while (taken.has(`${base} ${number}`)) number += 1;
  return `${base} ${number}`;
}
