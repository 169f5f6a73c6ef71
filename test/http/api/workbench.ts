/** A registry with an admin and people, and its API as each of them asks it. */
import type {ExecutionContext} from 'ava';
import type {Response} from 'supertest';
import {basic, startWithAccounts, type WithAccounts} from '../../support/accounts.ts';
import type {Settings} from '../../support/in-process.ts';

type Bound = 'as' | 'person' | 'team' | 'namespace' | 'applicationToken' | 'token';

export interface ApiBench extends Omit<WithAccounts, Bound> {
  readonly as: WithAccounts['as'];
  readonly person: WithAccounts['person'];
  readonly team: WithAccounts['team'];
  readonly namespace: WithAccounts['namespace'];
  readonly applicationToken: WithAccounts['applicationToken'];
  readonly token: WithAccounts['token'];
  /** As one of root, anna, bert and whoever was made since. */
  readonly by: (name: string) => WithAccounts['api'];
}

/** The admin root, and the users anna and bert. */
export async function startApi(t: ExecutionContext, settings: Settings = {}): Promise<ApiBench> {
  const holdfast = await startWithAccounts(t, settings);
  await holdfast.person('root', {admin: 'yes'});
  await holdfast.person('anna');
  await holdfast.person('bert');
  return {...holdfast, by: (name) => holdfast.as(basic(name))};
}

export type Item = Readonly<Record<string, unknown>>;

export const itemOf = ({body}: Response): Item => body as Item;

export const itemsOf = ({body}: Response): readonly Item[] => body as readonly Item[];

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
}

/** The first of those that an answer tells. */
export const faultOf = ({body}: Response): Fault | undefined =>
  (body as {readonly errors: readonly Fault[]}).errors[0];
