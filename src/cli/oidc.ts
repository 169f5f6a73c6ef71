/** `holdfast oidc test`: what a sign-in at an OpenID provider needs, step by step, with what failed and what to change. */
import {Command} from 'commander';
import type {OidcSettings} from '../config/oidc-schema.ts';
import {below, callbackOf} from '../http/sign-in/place.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {print} from './output.ts';
import {newSteps, type Steps, tellingFaults} from './steps.ts';
import {type Printing, verb} from './verb.ts';

const examples = `
The exit code is 0 where a sign-in would go as far as the provider's page, and 1 where it would not.
No server needs to run, and nobody signs in. The redirect address is what the provider must know.

Examples:
  holdfast oidc test
  holdfast oidc test corp --json
`;

async function test(id: string | undefined, options: Printing, command: Command): Promise<void> {
  const {
    externalUrl,
    auth: {oidc: providers},
  } = loadFor(command).config;
  const settings = chosen(providers, id);
  const setting = `auth.oidc[${providers.indexOf(settings)}]`;
  const steps = newSteps(options);
  steps.done('settings', `${settings.id}: ${settings.issuer}, client ${settings.clientId}`);
  const path = callbackOf(settings.id);
  const callbackUrl = externalUrl === undefined ? undefined : below(externalUrl, path);
  tellRedirect(steps, callbackUrl, path);
  const {traceOidc} = await import('../auth/providers/oidc-trace.ts');
  const {signal} = new AbortController();
  await tellingFaults(steps, async () =>
    traceOidc({settings, setting, callbackUrl, trace: steps.done, signal}),
  );
  const isAccepted = steps.all.every(({isDone}) => isDone);
  if (options.json === true) {
    print({isAccepted, steps: steps.all, redirectUrl: callbackUrl}, options, () => '');
  }
  if (!isAccepted) process.exitCode = 1;
}

function chosen(providers: readonly OidcSettings[], id: string | undefined): OidcSettings {
  const [first, ...others] = providers;
  if (!first) {
    throw new Failure('auth.oidc is not set: there is no OpenID provider to ask', {code: 2});
  }
  const names = providers.map((each) => each.id).join(', ');
  if (id === undefined) {
    if (others.length === 0) return first;
    throw new Failure(`there are several providers, name one of them: ${names}`, {code: 2});
  }
  const found = providers.find((each) => each.id === id);
  if (found) return found;
  throw new Failure(`auth.oidc has no ${JSON.stringify(id)}; it has ${names}`, {code: 2});
}

function tellRedirect({tell, done}: Steps, callbackUrl: string | undefined, path: string): void {
  if (callbackUrl !== undefined) {
    done('redirect', `register ${callbackUrl} at the provider`);
    return;
  }
  tell({
    step: 'redirect',
    isDone: true,
    detail: `register https://HOST${path} at the provider, with the host that browsers know`,
    advice:
      'set externalUrl: without it the address follows what each browser asks for, and the client is not tried here',
  });
}

export function oidcCommand(): Command {
  const oidc = new Command('oidc').description('look at the OpenID providers people sign in at');
  verb(oidc, 'test [id]', 'try what a sign-in needs, and print each step').action(test);
  return oidc.addHelpText('after', examples);
}
