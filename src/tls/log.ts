/** What certificates tell: nothing that a command would not show as well as a server. */
import type {Log} from '../observability/log.ts';

export type TlsLog = Omit<Log, 'debug'>;
