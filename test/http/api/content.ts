/** Content for the API to tell of: images with a configuration, in repositories of makers. */
import type {ExecutionContext} from 'ava';
import {basic} from '../../support/accounts.ts';
import {contentOf, imageOf, mediaTypes, pushBlob, putManifest} from '../../support/content.ts';
import type {Settings} from '../../support/in-process.ts';
import {type ApiBench, startApi} from './workbench.ts';

export interface Workshop extends ApiBench {
  readonly namespace: (...given: Parameters<ApiBench['namespace']>) => Promise<void>;
  readonly applicationToken: (
    ...given: Parameters<ApiBench['applicationToken']>
  ) => Promise<string>;
  readonly as: (authorization: string) => ApiBench['api'];
  /** As a member: anna owns, bert looks on; nobody else has a role. */
  readonly push: (
    name: string,
    tag: string,
    image?: Parameters<typeof runnable>[0],
  ) => Promise<string>;
}

/** The team makers, which anna owns and bert only looks at, with the private namespace tools. */
export async function openWorkshop(
  t: ExecutionContext,
  settings: Settings = {},
): Promise<Workshop> {
  const bench = await startApi(t, settings);
  await bench.person('carl');
  await bench.team('makers', {anna: 'owner', bert: 'viewer'});
  await bench.namespace('tools', 'makers');
  const push: Workshop['push'] = async (name, tag, image = {}) =>
    pushRunnable(bench.as(basic('anna')), name, {tag, image});
  return {...bench, push};
}

const runnable = ({
  layers = ['a layer'],
  config = {},
  annotations = {},
}: {
  readonly layers?: readonly string[];
  readonly config?: object;
  readonly annotations?: Readonly<Record<string, string>>;
}) => {
  const blobs = layers.map((text) => contentOf(text));
  const settings = contentOf(
    JSON.stringify({architecture: 'arm64', os: 'linux', variant: 'v8', ...config}),
    mediaTypes.config,
  );
  const fields = {config: settings.descriptor, annotations};
  return {blobs: [...blobs, settings], manifest: imageOf(blobs, fields)};
};

/** Answers with its digest. */
export async function pushRunnable(
  api: ApiBench['api'],
  name: string,
  {tag, image = {}}: {readonly tag: string; readonly image?: Parameters<typeof runnable>[0]},
): Promise<string> {
  const {blobs, manifest} = runnable(image);
  for (const blob of blobs) await pushBlob(api, name, blob);
  await putManifest(api, name, tag, manifest).expect(201);
  return manifest.digest;
}
