/** The files of an image, or of one of its layers, without a pull. */
import {Grid, Select} from '@mantine/core';
import {useSuspenseQuery} from '@tanstack/react-query';
import {useParams} from 'react-router';
import {addresses} from '../../../addresses.ts';
import {Page} from '../../../parts/page.tsx';
import {shortDigest} from '../../../parts/short-digest.ts';
import {t} from '../../../texts/texts.ts';
import {stepsOf} from '../image/steps.ts';
import {manifestQuery} from '../image/tag-query.ts';
import {crumbsOf} from '../repository/crumbs.ts';
import {useRepository, useRepositoryName} from '../repository/repository-query.ts';
import {Directory} from './directory.tsx';
import {FileContent} from './file-content.tsx';
import {PathCrumbs} from './path-crumbs.tsx';
import {useFilesPlace} from './use-files-place.ts';

const longestInstruction = 80;

export function FilesPage() {
  const name = useRepositoryName();
  const digest = useParams()['digest'] ?? '';
  const {data: image} = useSuspenseQuery(manifestQuery(name, digest));
  const {repository} = useRepository(name).data;
  const {file, layer, sort, choose} = useFilesPlace();
  const layers = stepsOf(image).flatMap(({instruction = '', layer: each}) =>
    each ? [{digest: each.digest, instruction}] : [],
  );
  const short = shortDigest(image.digest);
  return (
    <Page
      title={t('browse.files.of', {name: `${name}@${short}`})}
      heading={t('browse.files.title')}
      crumbs={[
        ...crumbsOf(repository),
        {title: name, to: addresses.repository(name)},
        {title: short, to: addresses.manifest(name, image.digest)},
      ]}
    >
      <Grid>
        <Grid.Col span={{base: 12, sm: 8}}>
          <Select
            label={t('browse.files.layer')}
            value={layer ?? ''}
            allowDeselect={false}
            data={[
              {value: '', label: t('browse.files.all')},
              ...layers.map((each, index) => ({
                value: each.digest,
                label: t('browse.files.one', {
                  number: index + 1,
                  instruction: each.instruction.slice(0, longestInstruction),
                }),
              })),
            ]}
            onChange={(value) => {
              choose({layer: value ?? '', file: ''});
            }}
          />
        </Grid.Col>
        <Grid.Col span={{base: 12, sm: 4}}>
          <Select
            label={t('browse.files.sort')}
            value={sort}
            allowDeselect={false}
            data={[
              {value: 'name', label: t('browse.files.byName')},
              {value: 'size', label: t('browse.files.bySize')},
            ]}
            onChange={(value) => {
              choose({sort: value === 'size' ? 'size' : ''});
            }}
          />
        </Grid.Col>
      </Grid>
      <PathCrumbs />
      {file === undefined ? (
        <Directory
          repository={name}
          digest={image.digest}
          layers={layers.map((each) => each.digest)}
        />
      ) : (
        <FileContent repository={name} digest={image.digest} path={file} />
      )}
    </Page>
  );
}
