/** To whom a private repository is closed, it might as well not exist: the answers are the same, byte for byte. */
import test, {type ExecutionContext} from 'ava';
import {decodeJwt} from 'jose';
import {basic, bearer, startWithAccounts, type WithAccounts} from '../../support/accounts.ts';
import {strangeDigest} from '../../support/content.ts';
import {openWire} from '../../support/raw-http.ts';
import {prepare, type Prepared} from './content.ts';
import {tokenFor} from './proof.ts';
import type {Filling} from './filling.ts';
import {fillingOf} from './requests.ts';
import {fillPath, isOfRepository, routesOf} from './routes.ts';

/** All of one length, so that no length differs. Neither it nor its namespace is there. */
const missing = 'missing/hidden';
/** With content: in the namespace of a team, and in that of a person. */
const full = ['private/hidden', 'another/hidden'] as const;
const others = [...full, 'private/absent', 'another/absent'];
const everything = 'pull,push,delete';

interface Hidden {
  readonly holdfast: WithAccounts;
  /** Whatever is asked for is asked for by what is in this one. */
  readonly prepared: Prepared;
}

async function startWithHidden(
  t: ExecutionContext,
  createOnPush: 'nobody' | 'admins' = 'admins',
): Promise<Hidden> {
  const holdfast = await startWithAccounts(t, {namespaces: {createOnPush}});
  for (const name of ['owner', 'another', 'stranger']) await holdfast.person(name);
  await holdfast.team('team', {owner: 'owner'});
  await holdfast.namespace('private', 'team');
  await prepare(holdfast.as(basic('another')), full[1]);
  return {holdfast, prepared: await prepare(holdfast.as(basic('owner')), full[0])};
}

/** Who has no right to any of the repositories. */
const strangers: Readonly<
  Record<string, (holdfast: WithAccounts, name: string) => Promise<string | undefined>>
> = {
  'a caller who shows nothing': async () => Promise.resolve(undefined),
  'an anonymous token': async (holdfast, name) =>
    bearer((await tokenFor(holdfast, undefined, `repository:${name}:${everything}`)) ?? ''),
  'the token of a stranger': async (holdfast, name) =>
    bearer(await holdfast.token('stranger', `repository:${name}:${everything}`)),
  'the password of a stranger': async () => Promise.resolve(basic('stranger')),
};

/** For routes of repositories it does not count. */
const sender = {
  caller: 'stranger',
  way: 'Bearer',
  login: undefined,
  refreshToken: undefined,
} as const;

interface Request {
  readonly name: string;
  readonly line: string;
  readonly filling: Filling;
  readonly proof: string | undefined;
}

/** As it came, but for what differs with each request, and for the name. */
async function bytesOf(
  t: ExecutionContext,
  {port}: WithAccounts,
  {name, line, filling: {headers, body}, proof}: Request,
): Promise<string> {
  const wire = await openWire(t, {port});
  const authorization = proof === undefined ? {} : {Authorization: proof};
  const fields = Object.entries({...headers, ...authorization, Connection: 'close'});
  await wire.send(
    line,
    fields.map(([field, value]) => `${field}: ${value}`),
    body,
  );
  await wire.closed;
  return wire.rest
    .toString('latin1')
    .replaceAll(/^(?:X-Request-Id|Date): .*$/gim, '')
    .replaceAll(name, 'NAME');
}

for (const createOnPush of ['admins', 'nobody'] as const) {
  test(`where ${createOnPush} may make namespaces by a push, no route tells a stranger whether a private repository exists`, async (t) => {
    const {holdfast, prepared} = await startWithHidden(t, createOnPush);
    const routes = routesOf(holdfast).filter(isOfRepository);
    await Promise.all(
      Object.entries(strangers).map(async ([who, show]) => {
        for (const {row, methods, path} of routes) {
          const filling = fillingOf(row, sender, prepared);
          const answers = async (name: string) => {
            const proof = await show(holdfast, name);
            const paths = fillPath(path, {...filling.parameters, name});
            const lines = paths.flatMap((each) =>
              methods.map((method) => `${method} ${each}${filling.query ?? ''}`),
            );
            return Promise.all(
              lines.map(async (line) => bytesOf(t, holdfast, {name, line, filling, proof})),
            );
          };
          const expected = await answers(missing);
          t.regex(expected[0] ?? '', /^HTTP\/1\.1 40[13] /, `${who}, ${row}`);
          for (const name of others) {
            t.deepEqual(await answers(name), expected, `${who}, ${row}, ${name}`);
          }
        }
      }),
    );
  });
}

test('neither the token realm nor a mount tells whether a private repository exists', async (t) => {
  const {holdfast, prepared} = await startWithHidden(t);
  for (const login of [undefined, 'stranger']) {
    const granted = async (name: string) => {
      const header = login === undefined ? undefined : basic(login);
      const scope = `repository:${name}:${everything},*`;
      const token = (await tokenFor(holdfast, header, scope)) ?? '';
      return {access: decodeJwt(token)['access'], length: token.length};
    };
    const expected = await granted(missing);
    t.deepEqual(expected.access, []);
    for (const name of others) t.deepEqual(await granted(name), expected, name);
  }

  const own = 'stranger/app';
  const mount = async (proof: string, digest: string, from: string) => {
    const line = `POST /v2/${own}/blobs/uploads/?mount=${digest}&from=${from}`;
    const bytes = await bytesOf(t, holdfast, {name: own, line, filling: {}, proof});
    // Of the upload that was begun instead.
    return bytes
      .replaceAll(/^Docker-Upload-UUID: .*$/gim, '')
      .replaceAll(/^(Location: [^?\r]*\/uploads\/).*$/gim, '$1');
  };
  const scopes = [missing, ...others].map((name) => `repository:${name}:pull`);
  const token = await holdfast.token('stranger', `repository:${own}:pull,push`, ...scopes);
  for (const proof of [basic('stranger'), bearer(token)]) {
    const expected = await mount(proof, strangeDigest, missing);
    t.regex(expected, /^HTTP\/1\.1 202 /);
    for (const digest of [strangeDigest, prepared.doomed.digest]) {
      for (const from of others) t.is(await mount(proof, digest, from), expected);
    }
  }
});
