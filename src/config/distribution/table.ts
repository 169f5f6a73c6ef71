/** The table by which Docker Distribution's configuration becomes settings. */
import {authRows} from './auth-rows.ts';
import {httpRows} from './http-rows.ts';
import {logRows} from './log-rows.ts';
import {notificationRows} from './notification-rows.ts';
import {otherRows} from './other-rows.ts';
import type {Row} from './row.ts';
import {storageRows} from './storage-rows.ts';
import {tlsRows} from './tls-rows.ts';
import {tokenServerRows} from './token-server-rows.ts';

export const table: readonly Row[] = [
  ...storageRows,
  ...httpRows,
  ...tlsRows,
  ...authRows,
  ...tokenServerRows,
  ...logRows,
  ...notificationRows,
  ...otherRows,
];
