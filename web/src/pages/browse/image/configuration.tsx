/** What a manifest says of how it is used: how an image is run, what a chart is, and the text of it. */
import {Alert, Button, Skeleton, Stack} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useState} from 'react';
import {formatBytes} from '../../../parts/numbers.ts';
import {ProblemAlert} from '../../../parts/problem-alert.tsx';
import {t} from '../../../texts/texts.ts';
import type {Details} from '../types.ts';
import {Chart} from './chart.tsx';
import {configurationQuery} from './configuration-query.ts';
import {ImageConfiguration} from './image-configuration.tsx';
import {JsonText} from './json-text.tsx';
import {isChart} from './chart-of.ts';

interface ConfigurationProps {
  readonly repository: string;
  readonly image: Details;
}

export function Configuration({repository, image}: ConfigurationProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Stack gap="md" align="stretch">
      <Read repository={repository} image={image} />
      {isOpen ? (
        <AsText repository={repository} image={image} />
      ) : (
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          onClick={() => {
            setOpen(true);
          }}
        >
          {t('browse.configuration.asText')}
        </Button>
      )}
    </Stack>
  );
}

/** Of the registry, in bytes. */
const mostLookedInto = 1024 * 1024;

function Read({repository, image}: ConfigurationProps) {
  const {configuration, config} = image;
  if (configuration) return <ImageConfiguration configuration={configuration} />;
  if (isChart(image)) return <Chart repository={repository} digest={image.digest} />;
  if (config === null || config.size <= mostLookedInto) return null;
  return (
    <Alert color="orange">
      {t('browse.configuration.tooLarge', {
        size: formatBytes(config.size),
        most: formatBytes(mostLookedInto),
      })}
    </Alert>
  );
}

function AsText({repository, image: {digest}}: ConfigurationProps) {
  const {data, error} = useQuery(configurationQuery(repository, digest));
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Skeleton h={240} role="status" aria-label={t('shell.loading')} />;
  const {text, size} = data;
  if (text === null) {
    return (
      <Alert color="orange">{t('browse.configuration.noText', {size: formatBytes(size)})}</Alert>
    );
  }
  return <JsonText text={text} size={size} label={t('browse.configuration.text')} />;
}
