/** Makes an application token of an account, and shows it: this once. */
import {Button, Checkbox, Group, Modal, Stack, TagsInput, TextInput} from '@mantine/core';
import type {QueryKey} from '@tanstack/react-query';
import {useState} from 'react';
import {client, read} from '../api/client.ts';
import {Problem} from '../api/problem.ts';
import {t} from '../texts/texts.ts';
import {FormProblem} from './form-problem.tsx';
import {LifetimeSelect} from './lifetime-select.tsx';
import {NewToken} from './new-token.tsx';
import {useChange} from './use-change.ts';

interface TokenDialogProperties {
  readonly account: {readonly id: string; readonly name: string};
  /** That one may think of first. */
  readonly namespaces?: readonly string[];
  /** What is asked for again. */
  readonly changes: readonly QueryKey[];
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function TokenDialog({isOpen, onClose, ...about}: TokenDialogProperties) {
  const [token, setToken] = useState<string>();
  const close = (): void => {
    setToken(undefined);
    onClose();
  };
  return (
    // A token is not lost by a click beside it.
    <Modal
      opened={isOpen}
      onClose={close}
      title={t('tokens.make')}
      size="lg"
      closeOnClickOutside={token === undefined}
      closeButtonProps={{'aria-label': t('account.close')}}
    >
      {token === undefined ? (
        <TokenForm {...about} onMade={setToken} onClose={close} />
      ) : (
        <NewToken name={about.account.name} token={token} onSeen={close} />
      )}
    </Modal>
  );
}

function TokenForm({
  account,
  namespaces: known = [],
  changes,
  onMade,
  onClose,
}: Omit<TokenDialogProperties, 'isOpen'> & {readonly onMade: (token: string) => void}) {
  const [name, setName] = useState('');
  const [life, setLife] = useState<string | undefined>('90d');
  const [namespaces, setNamespaces] = useState<string[]>([]);
  const [isPullOnly, setPullOnly] = useState(false);
  const {start, isPending, error, faults} = useChange({
    change: async () =>
      read(
        client.POST('/users/{id}/application_tokens', {
          params: {path: {id: account.id}},
          body: {
            application: name.trim(),
            pull_only: isPullOnly,
            ...(life === undefined ? {} : {expires_in: life}),
            ...(namespaces.length === 0 ? {} : {namespaces}),
          },
        }),
      ),
    changes,
    onDone: ({plain_token: plain}) => {
      onMade(plain);
    },
  });
  const isTaken = error instanceof Problem && error.code === 'taken';
  // Of a list the registry names the entry: `namespaces.0`.
  const ofNamespaces = Object.entries(faults).find(([field]) => field.startsWith('namespaces'));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start(undefined);
      }}
    >
      <Stack>
        {!isTaken && (
          <FormProblem error={error} fields={['application', 'expires_in', 'namespaces']} />
        )}
        <TextInput
          data-autofocus
          required
          label={t('tokens.name')}
          description={t('tokens.nameHint')}
          autoComplete="off"
          maxLength={128}
          value={name}
          error={isTaken ? t('tokens.taken') : faults['application']}
          onChange={(event) => {
            setName(event.currentTarget.value);
          }}
        />
        <LifetimeSelect value={life} onChange={setLife} error={faults['expires_in']} />
        <TagsInput
          label={t('tokens.namespaces')}
          description={t('tokens.namespacesHint')}
          maxTags={100}
          data={[...known]}
          value={namespaces}
          error={ofNamespaces?.[1]}
          onChange={setNamespaces}
          acceptValueOnBlur
        />
        <Checkbox
          label={t('tokens.pullOnlyLabel')}
          checked={isPullOnly}
          onChange={(event) => {
            setPullOnly(event.currentTarget.checked);
          }}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('confirm.cancel')}
          </Button>
          <Button type="submit" loading={isPending}>
            {t('tokens.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
