/** Something on a page that is loaded when it is shown. Where it can't be, that is told in its place, and the page goes on. */
import {type ComponentType, lazy} from 'react';
import {patiently} from '../patiently.ts';
import {t} from '../texts/texts.ts';
import {ProblemAlert} from './problem-alert.tsx';

export const lazyPart = <Properties extends object>(
  load: () => Promise<ComponentType<Properties>>,
) =>
  lazy(async (): Promise<{default: ComponentType<Properties>}> => {
    try {
      return {default: await patiently(load)()};
    } catch (error) {
      return {default: () => <ProblemAlert error={error} title={t('problems.part')} />};
    }
  });
