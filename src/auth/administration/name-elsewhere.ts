/** Refuses names of people who come from a provider: who took one would keep its owner out, and get what he pushes. */
import {nameUnknown} from '../login-unavailable.ts';
import {AdministrationError} from './administration-error.ts';
import type {AdministrationContext} from './context.ts';

type Finder = Pick<AdministrationContext, 'findNameElsewhere'>;

/** A provider that can't be asked keeps no admin from anything: the log tells of it. */
export async function refuseNameElsewhere(
  {findNameElsewhere}: Finder,
  name: string,
): Promise<void> {
  const elsewhere = await findNameElsewhere(name);
  if (elsewhere?.isCertain === true) throw nameOfPerson(name, elsewhere.source);
}

/** For who is no admin. Throws LoginUnavailable where nobody can say. */
export async function requireNobodyElsewhere(
  {findNameElsewhere}: Finder,
  name: string,
): Promise<void> {
  const elsewhere = await findNameElsewhere(name);
  if (!elsewhere) return;
  const {source, isCertain} = elsewhere;
  if (isCertain) throw nameOfPerson(name, source);
  throw nameUnknown(name, source);
}

const nameOfPerson = (name: string, source: string): AdministrationError =>
  new AdministrationError(
    'taken',
    `${name} is somebody in ${source} already, and gets an account by logging in; give another name`,
  );
