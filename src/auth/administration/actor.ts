/** Who wants something administered. */
import type {Origin} from '../activities/origin.ts';
import type {Account} from '../caller.ts';

/** With all that is known of how he asks. */
export type Actor = (
  | {
      readonly kind: 'operator';
      /** The user of the system, as the command says. */
      readonly name?: string | undefined;
    }
  | Account
) & {readonly origin?: Origin | undefined};

/** `operator`: whoever is the user of the server, or root, as on the command line. He may everything. */
export const operator: Actor = {kind: 'operator'};
