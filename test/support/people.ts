/** A Holdfast with accounts, and people and teams on it, whom the real command line has made. */
import type {ExecutionContext} from 'ava';
import {tail} from './command.ts';
import {type Holdfast, type HoldfastOptions, startHoldfast} from './holdfast.ts';
import type {Lifetime} from './lifetime.ts';
import {secret} from './secrets.ts';

/** With all that clients, forms and headers have ever got wrong. */
export const passwordOf = (name: string): string => secret(`${name}: 100%41 %zz "'\\ ü € +&=:`);

export type WithPeople = Holdfast & {
  /** Another person, with the password that `passwordOf` tells. */
  readonly person: (name: string) => Promise<void>;
  /** The lines of the log about requests, in the order in which they ended. */
  readonly requests: () => readonly RequestLine[];
};

type RequestLine = {readonly route: string; readonly method: string; readonly status: number};

/**
 * anna and bert, both without a role beside their own namespaces, but for this: anna owns the team makers, and with it the namespaces
 * tools, which is private, and open, which is public.
 */
export async function startWithPeople(
  life: Lifetime,
  options: HoldfastOptions = {},
): Promise<WithPeople> {
  const holdfast = await startHoldfast(life, {
    ...options,
    settings: {auth: {mode: 'accounts'}, ...options.settings},
    env: {HOLDFAST_ADMIN_PASSWORD: secret('password of the admin'), ...options.env},
  });
  const {command, output} = holdfast;
  const person = async (name: string): Promise<void> => {
    await command(`user create ${name} --password-stdin`, passwordOf(name));
  };
  await Promise.all([person('anna'), person('bert')]);
  await command('team create makers --owner anna');
  await Promise.all([
    command('namespace create tools --team makers'),
    command('namespace create open --team makers --visibility public'),
  ]);
  return {...holdfast, person, requests: () => requestsIn(output())};
}

/** What a server that several tests share said before one of them failed. */
export function tellOnFailure(t: ExecutionContext, {output}: Pick<Holdfast, 'output'>): void {
  t.teardown(() => {
    if (!t.passed) t.log(tail(output()));
  });
}

function requestsIn(output: string): readonly RequestLine[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"msg":"request"'))
    .map((line) => JSON.parse(line) as RequestLine);
}
