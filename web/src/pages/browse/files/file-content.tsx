/** A file of an image: its text, where it is one. */
import {Alert, Badge, Code, Skeleton, Stack, Text} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {client, read} from '../../../api/client.ts';
import {Age} from '../../../parts/age.tsx';
import {Digest} from '../../../parts/digest.tsx';
import {formatBytes} from '../../../parts/numbers.ts';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {Section} from '../../../parts/section.tsx';
import {TextBlock} from '../../../parts/text-block.tsx';
import {t} from '../../../texts/texts.ts';
import {Facts} from '../facts.tsx';
import {repositoryId} from '../repository/repository-query.ts';
import type {FileShown} from '../types.ts';
import {modeText} from './mode-text.ts';
import {askAgain, isReading} from './reading.ts';
import {ReadingProgress} from './reading-progress.tsx';
import {useFilesPlace} from './use-files-place.ts';

export function FileContent({
  repository,
  digest,
  path,
}: {
  readonly repository: string;
  readonly digest: string;
  readonly path: string;
}) {
  const {layer} = useFilesPlace();
  const {data, error} = useQuery({
    queryKey: ['file', repository, digest, layer, path],
    queryFn: async ({signal}) =>
      read(
        client.GET('/repositories/{id}/manifests/{digest}/file', {
          signal,
          params: {
            path: {id: repositoryId(repository), digest},
            query: {path, ...(layer !== undefined && {layer})},
          },
        }),
      ),
    refetchInterval: (query) => askAgain(query.state.data && [query.state.data]),
  });
  if (error) return <ProblemAlert error={error} title={t('browse.files.refused')} />;
  if (!data) return <Skeleton h={240} role="status" aria-label={t('shell.loading')} />;
  if (isReading(data)) return <ReadingProgress reading={data} />;
  return (
    <Stack gap="sm">
      <Section title={t('browse.files.about')}>
        <Facts facts={factsOf(data)} />
      </Section>
      <FileText file={data} />
    </Stack>
  );
}

function factsOf(file: FileShown) {
  return [
    [t('browse.files.size'), formatBytes(file.size)],
    [t('browse.files.mode'), <Code key="mode">{modeText(file)}</Code>],
    [t('browse.files.owner'), `${file.uid}:${file.gid}`],
    [t('browse.files.modified'), <Age key="modified" at={file.modified_at} />],
    [t('browse.files.layer'), <Digest key="layer" value={file.layer} />],
    ...(file.digest === null
      ? []
      : [[t('browse.files.digest'), <Digest key="digest" value={file.digest} />] as const]),
    ...(file.change === null
      ? []
      : [
          [
            t('browse.files.change'),
            <Badge key="change" variant="default" tt="none">
              {t(`browse.files.changes.${file.change}`)}
            </Badge>,
          ] as const,
        ]),
  ] as const;
}

function FileText({file}: {readonly file: FileShown}) {
  const {text, is_text: isText, is_truncated: isCut, target, path} = file;
  if (target !== null) {
    return (
      <Text size="sm" className="wraps">
        {t('browse.files.leadsTo', {target})}
      </Text>
    );
  }
  if (!isText || text === null) return <Alert>{t('browse.files.binary')}</Alert>;
  return (
    <>
      {isCut && <Alert color="orange">{t('browse.files.cut')}</Alert>}
      <TextBlock text={text} label={path} />
    </>
  );
}
