/** What fails behind a page is told on a page: what happened, what to do, and the id that leads to it in the log. */
import {LoginUnavailable} from '../../auth/login-unavailable.ts';
import type {Context, Handler} from '../context.ts';
import {type FaultTellers, translate} from '../middleware/errors.ts';
import {html} from './html.ts';
import {showPage} from './page.ts';
import {here} from './place.ts';
import {sentence} from './sentence.ts';

export function pageFaults(tellers: FaultTellers): Handler {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const {status, message, headers} = translate(ctx, error, tellers);
      ctx.set(headers);
      showFault(ctx, {
        status,
        title: status < 500 ? 'That did not work' : 'That is not possible at present',
        what: sentence(message),
        remedy: remedyOf(error, status),
      });
    }
  };
}

function remedyOf(error: unknown, status: number): string {
  if (error instanceof LoginUnavailable && error.isOfSetup) {
    return 'To try again does not help: something is not set up as it must be, here or there.';
  }
  return status === 503 ? 'Try again in a moment.' : 'Go back, and try again.';
}

export interface Fault {
  readonly status: number;
  readonly title: string;
  /** What happened. */
  readonly what: string;
  /** What to do. */
  readonly remedy: string;
}

export function showFault(ctx: Context, {status, title, what, remedy}: Fault): void {
  const content = html`<section>
    <h1>${title}</h1>
    <p>${what}</p>
    <p>${remedy}</p>
    <p><a class="button" href="${here(ctx, '/sign-in')}">To the sign-in</a></p>
    <p class="quiet">Request ${ctx.state.id}: the administrator finds it in the log by this id.</p>
  </section>`;
  showPage(ctx, {status, title, content});
}
