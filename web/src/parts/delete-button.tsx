/** A button of a page that opens a dialog before something is deleted. */
import {Button} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import type {ReactNode} from 'react';
import {IconTrash} from './icons.tsx';

export function DeleteButton({
  label,
  dialog,
}: {
  readonly label: string;
  readonly dialog: (state: {readonly isOpen: boolean; readonly onClose: () => void}) => ReactNode;
}) {
  const [isOpen, {open, close: onClose}] = useDisclosure();
  return (
    <>
      <Button color="red" variant="light" leftSection={<IconTrash size={16} />} onClick={open}>
        {label}
      </Button>
      {dialog({isOpen, onClose})}
    </>
  );
}
