/** What the arguments of operations are made of: each with what follows its name in the sentence that refuses it. */
import {z} from 'zod';
import {parseDuration} from '../../config/units.ts';
import {roles, visibilities} from '../../metadata/words.ts';
import {parseTeamName, personalTeamName} from '../../metadata/team-name.ts';
import {isDigest} from '../../oci/digest.ts';
import {isRepositoryName} from '../../oci/name.ts';
import {isTag} from '../../oci/tag.ts';
import {parseUserName} from '../../oci/user-name.ts';
import {passwordFault} from '../password-rules.ts';

/** Text that becomes something else, or does not. */
const parsed = <T extends string>(
  parse: (text: string) => T | undefined,
  message: string | ((text: string) => string),
): z.ZodType<T, string> =>
  z.string('must be text').transform((text, ctx) => {
    const value = parse(text);
    if (value !== undefined) return value;
    ctx.addIssue({
      code: 'custom',
      message: typeof message === 'string' ? message : message(text),
    });
    return z.NEVER;
  });

export const userName = parsed(parseUserName, (text) => {
  const lower = parseUserName(text.toLowerCase());
  return lower === undefined
    ? 'must be up to 128 lower-case letters and digits, with single . _ - between them'
    : `must be in lower case, as it is part of names of images: ${lower} would do`;
});

export const teamName = parsed(
  parseTeamName,
  'must be up to 128 visible characters, and not begin with user:',
);

/** Of any team, a personal one too. */
export const anyTeamName = parsed((text): string | undefined => {
  const person = text.startsWith('user:') ? parseUserName(text.slice(5)) : undefined;
  return person === undefined ? parseTeamName(text) : personalTeamName(person);
}, 'must be the name of a team');

export const namespaceName = parsed(
  (text) => (isRepositoryName(text) ? text : undefined),
  'must be lower-case letters, digits and single separators (. _ __ -), in parts joined by /',
);

export const repositoryName = parsed(
  (text) => (isRepositoryName(text) ? text : undefined),
  'must be the name of a repository',
);
export const tagText = parsed((text) => (isTag(text) ? text : undefined), 'must be a tag');
export const digestText = parsed(
  (text) => (isDigest(text) ? text : undefined),
  'must be a digest, as sha256:...',
);

/** `/` is the root namespace, that of names without a slash. */
export const anyNamespaceName = parsed((text): string | undefined => {
  if (text === '/') return '';
  return isRepositoryName(text) ? text : undefined;
}, 'must be the name of a namespace, or / for that of names without a slash');

export const password = z.string('must be text').superRefine((text, ctx) => {
  const fault = passwordFault(text);
  if (fault !== undefined) ctx.addIssue({code: 'custom', message: fault});
});

/** On one line, without control characters: it is shown on terminals. */
export const line = (most: number): z.ZodType<string, string> =>
  z
    .string('must be text')
    .max(most, `must have at most ${most} characters`)
    .refine((text) => text.isWellFormed() && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text), {
      message: 'must be one line of visible characters',
    });

export const tokenName = line(128).refine((text) => text.trim() !== '' && text.trim() === text, {
  message: 'must not be empty, nor begin or end with a space',
});

export const email = line(254).refine((text) => /^[^\s@]+@[^\s@]+$/.test(text), {
  message: 'must be an address such as anna@example.org',
});

const longestLife = parseDuration('3650d');

/** In ms. */
export const lifetime = z
  .string('must be text')
  .regex(/^\d{1,9}[mhd]$/, 'must be a time such as 12h or 90d')
  .transform(parseDuration)
  .refine((time) => time > 0 && time <= longestLife, 'must be more than 0 and at most 3650d');

export const role = z.enum(roles, `must be one of ${roles.join(', ')}`);
export const visibility = z.enum(visibilities, `must be one of ${visibilities.join(', ')}`);

/** The last name of the page before. */
export const after = z.string().max(256).optional();

/** ISO 8601, in answers. */
export const time = z.string();

export const timeText = (milliseconds: number): string => new Date(milliseconds).toISOString();
