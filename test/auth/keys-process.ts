/** A process of its own that signs and verifies with the keys in argv[2], of the kind argv[3]: a line of JSON in, one out. It never looks at the disk unasked. */
import {createInterface} from 'node:readline';
import {openSigningKeys} from '../../src/auth/signing-keys.ts';
import {createTokenIssuer} from '../../src/auth/token-issuer.ts';
import {createTokenVerifier} from '../../src/auth/token-verifier.ts';
import type {OwnKind} from '../../src/auth/keys/own-key.ts';
import {issuer, pullOf, service, trustFor} from './keys-workbench.ts';

export type Order =
  {readonly verb: 'issue' | 'rotate'} | {readonly verb: 'verify'; readonly token: string};

const [, , directory = '', kind] = process.argv;
const ignore = (): void => undefined;
const keys = await openSigningKeys({
  directory,
  kind: kind as OwnKind,
  trustFor,
  log: {debug: ignore, info: ignore, warn: ignore, error: console.error},
  pollInterval: 0,
});
const tokens = createTokenIssuer({keys, issuer});
const verifier = createTokenVerifier({keys, issuer, services: [service]});

async function obey(order: Order): Promise<string> {
  switch (order.verb) {
    case 'issue':
      return (await tokens.issue(pullOf('a/b'))).token;
    case 'rotate':
      return (await keys.rotate()).kid;
    case 'verify': {
      const answer = await verifier.verify(order.token);
      return answer.outcome === 'accepted' ? answer.outcome : answer.reason;
    }
  }
}

for await (const line of createInterface(process.stdin)) {
  console.log(await obey(JSON.parse(line) as Order));
}
