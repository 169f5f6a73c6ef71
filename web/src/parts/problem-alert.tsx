/** What went wrong, in words of the registry, and by which number its log has it. */
import {Alert, Code, Text} from '@mantine/core';
import {IconAlertTriangle} from './icons.tsx';
import {Problem} from '../api/problem.ts';
import {t} from '../texts/texts.ts';

export function ProblemAlert({
  error,
  title = t('problems.title'),
}: {
  readonly error: unknown;
  readonly title?: string;
}) {
  const problem = error instanceof Problem ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return (
    <Alert color="red" role="alert" title={title} icon={<IconAlertTriangle />}>
      <Text size="sm" className="wraps">
        {message}
      </Text>
      {problem?.requestId !== undefined && problem.status >= 500 && (
        <Text size="sm" mt="xs">
          {t('problems.request')} <Code>{problem.requestId}</Code>
        </Text>
      )}
    </Alert>
  );
}
