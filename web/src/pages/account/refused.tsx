/** Why a form was refused, in words of its own where the registry has only a code, and when to come again. */
import {Alert, Text} from '@mantine/core';
import {IconAlertTriangle} from '../../parts/icons.tsx';
import {Problem} from '../../api/problem.ts';
import {formatAge} from '../../parts/numbers.ts';
import {ProblemAlert} from '../../parts/problem-alert.tsx';
import {t} from '../../texts/texts.ts';

export function Refused({
  error,
  texts = {},
  elsewhere = [],
}: {
  /** Null: nothing was. */
  readonly error: Error | null;
  /** By the code of the API. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Codes that are told at a field of the form. */
  readonly elsewhere?: readonly string[];
}) {
  if (error === null) return null;
  if (!(error instanceof Problem)) return <ProblemAlert error={error} />;
  const {code, retryAfter} = error;
  if (elsewhere.includes(code) || Object.keys(error.byField()).length > 0) return null;
  if (code === 'limited' && retryAfter !== undefined) {
    const later = new Date(retryAfter * 1000).toISOString();
    return <Told text={t('account.limited', {again: formatAge(later, 0)})} />;
  }
  const text = texts[code];
  return text === undefined ? <ProblemAlert error={error} /> : <Told text={text} />;
}

export function Told({text, more}: {readonly text: string; readonly more?: string | undefined}) {
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle />}>
      <Text size="sm" className="wraps">
        {text}
      </Text>
      {more !== undefined && (
        <Text size="xs" mt="xs" className="wraps">
          {more}
        </Text>
      )}
    </Alert>
  );
}
