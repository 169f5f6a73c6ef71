/** Asks once more before something goes, with what goes and what stays. */
import {Button, Group, Modal, Stack, TextInput} from '@mantine/core';
import {useMutation} from '@tanstack/react-query';
import {type ReactNode, useState} from 'react';
import {t} from '../texts/texts.ts';
import {ProblemAlert} from './problem-alert.tsx';

export function ConfirmDialog({
  isOpen,
  onClose,
  title,
  action,
  onConfirm,
  isReady = true,
  typed,
  children,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  /** The dialog closes when it is done, and says what went wrong otherwise. */
  readonly onConfirm: () => Promise<void>;
  /** False: something has still to be read, or typed. */
  readonly isReady?: boolean;
  /** A name that has to be typed before: of what can't be had back. */
  readonly typed?: string;
  readonly children?: ReactNode;
}) {
  const [text, setText] = useState('');
  const {mutate, isPending, error, reset} = useMutation({
    mutationFn: onConfirm,
    onSuccess: () => {
      setText('');
      onClose();
    },
  });
  const close = (): void => {
    reset();
    setText('');
    onClose();
  };
  return (
    <Modal opened={isOpen} onClose={close} title={title} size="lg">
      <Stack>
        {children}
        {typed !== undefined && (
          <TextInput
            label={t('confirm.type', {name: typed})}
            value={text}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setText(event.currentTarget.value);
            }}
          />
        )}
        {error && <ProblemAlert error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('confirm.cancel')}
          </Button>
          <Button
            color="red"
            loading={isPending}
            disabled={!isReady || (typed !== undefined && text !== typed)}
            onClick={() => {
              mutate();
            }}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
