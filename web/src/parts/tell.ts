/** Short messages in the corner: of what was done, and of what was not. */
import {notifications} from '@mantine/notifications';
import {t} from '../texts/texts.ts';

export const tell = {
  done: (message: string): void => {
    notifications.show({color: 'green', message});
  },
  problem: (error: unknown): void => {
    const message = error instanceof Error ? error.message : String(error);
    // It stays until it is read.
    notifications.show({color: 'red', title: t('problems.title'), message, autoClose: false});
  },
};
