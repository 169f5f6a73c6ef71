/** What a directory answers to somebody's own password where it is about him, and not about the directory. */
import {InvalidCredentialsError, type ResultCodeError} from 'ldapts';
import {wordsOf} from './ldap-diagnosis.ts';

/**
 * Beside 49: an account that is locked (19, 53), inactive (53), without a password (48) or barred (50), as 389 and FreeIPA say it, or gone
 * since it was found (32).
 */
const codes = new Set([19, 32, 48, 49, 50, 53]);

export const isRefusal = ({code}: ResultCodeError): boolean => codes.has(code);

/** Why, where it says more than that the password is wrong. */
export const whyRefused = (error: ResultCodeError): string | undefined =>
  error instanceof InvalidCredentialsError ? activeDirectoryReason(error) : wordsOf(error);

/** Active Directory says in a number why, to whoever has the right password. */
const reasons: Readonly<Record<string, string>> = {
  '530': 'not at this time of day',
  '531': 'not from this workstation',
  '532': 'the password has expired',
  '533': 'the account is disabled',
  '701': 'the account has expired',
  '773': 'the password must be changed first',
  '775': 'the account is locked',
};

const activeDirectoryReason = (error: ResultCodeError): string | undefined =>
  reasons[/\bdata ([0-9a-f]+)/.exec(error.message)?.[1] ?? ''];
