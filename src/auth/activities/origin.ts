/** From where somebody asks, and by what he is known. */
import type {Credential, NewActivity} from '../../metadata/activities.ts';
import type {Account, Caller} from '../caller.ts';

export interface Origin {
  /** Of the client. */
  readonly address?: string | undefined;
  readonly credential?: Credential | undefined;
  readonly requestId?: string | undefined;
}

type Doer = NewActivity['actor'];

export const doerOf = (caller: Caller): Doer =>
  caller.kind === 'account'
    ? {kind: caller.isRobot ? 'robot' : 'account', id: caller.id, name: caller.name}
    : {kind: 'anonymous', name: ''};

/** What nobody asked for: housekeeping, and what a provider says of somebody. */
export const system: Doer = {kind: 'system', name: ''};

/** Of a login that was accepted: an application token, or whatever else it was. */
export const credentialOf = ({
  applicationTokenId: id,
  isShortLived = false,
}: {
  readonly applicationTokenId?: string | undefined;
  readonly isShortLived?: boolean | undefined;
}): Credential =>
  id === undefined
    ? {kind: isShortLived ? 'id-token' : 'password'}
    : {kind: 'application-token', id};

/** What somebody does to his own account, or what is done to it. */
export const ofOwn = (
  {id, name, isRobot}: Pick<Account, 'id' | 'name' | 'isRobot'>,
  {
    origin,
    by = {kind: isRobot ? 'robot' : 'account', id, name},
    ...what
  }: Pick<NewActivity, 'at' | 'key' | 'parameters'> & {
    readonly origin?: Origin | undefined;
    readonly by?: Doer;
  },
): NewActivity => ({
  ...origin,
  ...what,
  actor: by,
  subject: {kind: what.key.split('.')[0] ?? 'user', id, name},
  accountId: id,
});
