/** Who wants something administered. */
import type {Account} from '../caller.ts';

/** `operator`: whoever is the user of the server, or root, as on the command line. He may everything. */
export type Actor = {readonly kind: 'operator'} | Account;

export const operator: Actor = {kind: 'operator'};
