/** What the policy of the document lets styles have that are made while the pages run. */
import {setNonce} from 'get-nonce';

export const nonce =
  document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';

// Of the library that keeps the page still behind a dialog.
setNonce(nonce);
