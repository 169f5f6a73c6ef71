/** What follows a sign-out: the document is loaded anew, so that nothing is left of what was seen. */
import {addressOf} from '../base.ts';

export function leave(): void {
  window.location.assign(addressOf('sign-in'));
}
