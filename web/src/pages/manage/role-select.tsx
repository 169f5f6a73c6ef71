/** What somebody is in a team, with what that means. */
import {Select, type SelectProps, Stack, Text} from '@mantine/core';
import type {Role} from '../../api/types.ts';
import {t} from '../../texts/texts.ts';

const roles = ['viewer', 'contributor', 'owner'] as const satisfies readonly Role[];

interface RoleSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  readonly value: Role;
  readonly onChange: (role: Role) => void;
}

export function RoleSelect({value, onChange, ...props}: RoleSelectProps) {
  return (
    <Select
      {...props}
      data={roles.map((role) => ({value: role, label: t(`manage.roles.${role}`)}))}
      value={value}
      allowDeselect={false}
      comboboxProps={{width: 280, position: 'bottom-start'}}
      renderOption={({option: {value: role, label}}) => (
        <Stack gap={0}>
          <Text size="sm">{label}</Text>
          <Text size="xs" c="dimmed">
            {isRole(role) && t(`manage.roles.means.${role}`)}
          </Text>
        </Stack>
      )}
      onChange={(role) => {
        if (role !== null && isRole(role)) onChange(role);
      }}
    />
  );
}

const isRole = (text: string): text is Role => roles.some((role) => role === text);
