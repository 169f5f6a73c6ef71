/** Asks once more before something goes, and says what goes with it as the registry foretells it. */
import {Skeleton} from '@mantine/core';
import {type QueryKey, useQuery} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {t} from '../texts/texts.ts';
import {ConfirmDialog} from './confirm-dialog.tsx';
import {ProblemAlert} from './problem-alert.tsx';

export function ForecastDialog<Forecast>({
  queryKey,
  load,
  isReady = () => true,
  onConfirm,
  children,
  ...dialog
}: {
  readonly queryKey: QueryKey;
  readonly load: (signal: AbortSignal) => Promise<Forecast>;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly action: string;
  readonly typed?: string;
  /** False: something has still to be said. */
  readonly isReady?: (forecast: Forecast) => boolean;
  readonly onConfirm: (forecast: Forecast) => Promise<void>;
  readonly children: (forecast: Forecast) => ReactNode;
}) {
  const {data, error} = useQuery({
    queryKey,
    queryFn: async ({signal}) => load(signal),
    enabled: dialog.isOpen,
    // What somebody has read is what is there.
    staleTime: 0,
  });
  return (
    <ConfirmDialog
      {...dialog}
      isReady={data !== undefined && isReady(data)}
      onConfirm={async () => {
        if (data !== undefined) await onConfirm(data);
      }}
    >
      {error && <ProblemAlert error={error} />}
      {data === undefined && !error && (
        <Skeleton h={160} role="status" aria-label={t('shell.loading')} />
      )}
      {data !== undefined && children(data)}
    </ConfirmDialog>
  );
}
