/** `holdfast oidc test`: what a sign-in at an OpenID provider needs, step by step, with what failed and what to change. */
import type {Command} from 'commander';
import {areDone} from '../auth/providers/steps.ts';
import type {OidcSettings} from '../config/oidc-schema.ts';
import {below, callbackOf} from '../http/sign-in/place.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';
import {print} from './output.ts';
import {printedSteps} from './steps.ts';
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
  const path = callbackOf(settings.id);
  const callbackUrl = externalUrl === undefined ? undefined : below(externalUrl, path);
  const {tryOidc} = await import('../auth/providers/try-oidc.ts');
  const steps = printedSteps(options);
  const {signal} = new AbortController();
  await tryOidc({settings, setting, path, callbackUrl, steps, signal});
  const isAccepted = areDone(steps);
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

export function oidcCommand(oidc: Command): void {
  verb(oidc, 'test [id]', 'try what a sign-in needs, and print each step').action(test);
  oidc.addHelpText('after', examples);
}
