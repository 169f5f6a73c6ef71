/** What came to nothing is told on the page of the sign-in: the address names one of its sentences, and the id that leads to it in the log. */
import {LoginUnavailable} from '../../auth/login-unavailable.ts';
import type {Handler, RouteContext} from '../context.ts';
import {type FaultTellers, translate} from '../middleware/errors.ts';
import {goTo} from './place.ts';

/** As web/src/texts has them under account.signIn.problems. */
type Problem =
  | 'not-begun'
  | 'denied-there'
  | 'refused-there'
  | 'invalid'
  | 'disabled'
  | 'missing-group'
  | 'name-taken'
  | 'unavailable'
  | 'not-set-up'
  | 'failed';

/** For what throws: an address that is none of ours stays 404. */
export function leadBack(tellers: FaultTellers): Handler {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const {status} = translate(ctx, error, tellers);
      if (status === 404) throw error;
      tellProblem(ctx, problemOf(error, status));
    }
  };
}

function problemOf(error: unknown, status: number): Problem {
  if (error instanceof LoginUnavailable && error.isOfSetup) return 'not-set-up';
  return status === 503 ? 'unavailable' : 'failed';
}

export const providerOf = ({params}: RouteContext): string => params['provider'] ?? '';

/** `to`: where the sign-in would have led. */
export function tellProblem(ctx: RouteContext, problem: Problem, to?: string): void {
  const query = new URLSearchParams({
    problem,
    provider: providerOf(ctx),
    request: ctx.state.id,
    ...(to === undefined ? {} : {to}),
  });
  goTo(ctx, `/sign-in?${query.toString()}`);
}
