/** All that is known of something, part by part. The open one stands in the address. */
import {Tabs} from '@mantine/core';
import type {ReactNode} from 'react';
import {useAddressWord} from '../../../parts/use-address-word.ts';
import {t} from '../../../texts/texts.ts';
import type {Details} from '../types.ts';
import {Annotations} from './annotations.tsx';
import {Configuration} from './configuration.tsx';
import {ImagePart} from './image-part.tsx';
import {Layers} from './layers.tsx';
import {PlatformTree} from './platform-tree.tsx';
import {RawManifest} from './raw-manifest.tsx';
import {Referrers} from './referrers.tsx';

const tabs = [
  'platforms',
  'layers',
  'configuration',
  'annotations',
  'referrers',
  'history',
  'raw',
] as const;
type Tab = (typeof tabs)[number];

export function ManifestTabs({
  repository,
  details,
  history,
}: {
  readonly repository: string;
  readonly details: Details;
  /** Of a tag. */
  readonly history?: ReactNode;
}) {
  const isIndex = details.kind === 'index';
  const has: Partial<Record<Tab, boolean>> = {
    platforms: isIndex,
    configuration: isIndex || hasConfiguration(details),
    history: history !== undefined,
  };
  const shown = tabs.filter((each) => has[each] ?? true);
  const [tab, setTab] = useAddressWord<Tab>('tab', isIndex ? 'platforms' : 'layers', shown);
  const contents: Readonly<Record<Tab, ReactNode>> = {
    platforms: <PlatformTree repository={repository} details={details} />,
    layers: (
      <ImagePart repository={repository} details={details}>
        {(image) => <Layers repository={repository} image={image} />}
      </ImagePart>
    ),
    configuration: (
      <ImagePart repository={repository} details={details}>
        {(image) => <Configuration repository={repository} image={image} />}
      </ImagePart>
    ),
    annotations: <Annotations words={details.annotations} />,
    referrers: <Referrers repository={repository} digest={details.digest} />,
    history,
    raw: <RawManifest repository={repository} digest={details.digest} />,
  };
  return (
    <Tabs
      value={tab}
      keepMounted={false}
      onChange={(value) => {
        const next = shown.find((each) => each === value);
        if (next !== undefined) setTab(next);
      }}
    >
      <Tabs.List mb="md">
        {shown.map((each) => (
          <Tabs.Tab key={each} value={each}>
            {t(`browse.manifest.tabs.${each}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {shown.map((each) => (
        <Tabs.Panel key={each} value={each}>
          {contents[each]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}

/** What has none to tell of says so by its type. */
const hasConfiguration = ({config}: Details): boolean =>
  config !== null && config.media_type !== 'application/vnd.oci.empty.v1+json';
