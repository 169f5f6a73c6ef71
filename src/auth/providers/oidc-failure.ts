/** What became of a login whose answer could not be taken: somebody's doing, or the provider's. What a library throws has tokens in it: only words of it go on. */
import {AuthorizationResponseError, ResponseBodyError} from 'openid-client';
import {errorCode} from '../../host/error-code.ts';
import type {RedirectResult} from '../ports.ts';
import {faultIn, ProviderFault} from './provider-fault.ts';

/** The answer is not that to the question, or is not the provider's. */
const forged = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_PARSE_ERROR',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
  'OAUTH_KEY_SELECTION_FAILED',
  'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED',
]);

/** What the provider finds wrong with the client, and not with itself. */
const ofSetup = new Set([
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
]);

/** Throws a ProviderFault where the provider is at fault. */
export function judgeAnswer(error: unknown, issuer: string): RedirectResult {
  if (error instanceof AuthorizationResponseError) {
    const {error: word, error_description: description = ''} = error;
    return {outcome: 'refused-there', error: told(word), why: told(`${word} ${description}`)};
  }
  // The code was used already, has expired, or is another client's.
  if (error instanceof ResponseBodyError && error.error === 'invalid_grant') {
    return {outcome: 'invalid', why: told(`invalid_grant ${error.error_description ?? ''}`)};
  }
  const code = errorCode(error) ?? '';
  if (faultIn(error) === undefined && forged.has(code)) {
    return {outcome: 'invalid', why: told(`${messageOf(error)} (${code})`)};
  }
  throw faultOf(error, issuer);
}

/** As an operator is told of it. */
export function faultOf(error: unknown, issuer: string): ProviderFault {
  const known = faultIn(error);
  if (known) return known;
  if (error instanceof ResponseBodyError) {
    return new ProviderFault({
      url: issuer,
      finding: told(`the provider answers ${error.error} ${error.error_description ?? ''}`),
      advice: 'check clientId, clientSecret, and how the client is set up at the provider',
      isOfSetup: ofSetup.has(error.error),
    });
  }
  return new ProviderFault({
    url: issuer,
    finding: told(`the answer is not that of an OpenID provider: ${reasonOf(error)}`),
    advice: 'check the issuer: it must be as the provider writes it itself',
  });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const code = errorCode(error) ?? '';
  const all = [messageOf(error), ...(cause ? [cause.message] : []), ...(code ? [`(${code})`] : [])];
  return all.join(' ');
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'error');

const told = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 300);
