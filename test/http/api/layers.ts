/** Images of real tars, made by the tar of this machine, and what the API tells of the files in them. */
import type {ExecutionContext} from 'ava';
import {link, mkdir, readFile, symlink, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {setTimeout as rest} from 'node:timers/promises';
import zlib from 'node:zlib';
import type {Response} from 'supertest';
import {basic} from '../../support/accounts.ts';
import {run} from '../../support/command.ts';
import {
  type Content,
  contentOf,
  imageOf,
  mediaTypes,
  pushBlob,
  putManifest,
} from '../../support/content.ts';
import type {Settings} from '../../support/in-process.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {openWorkshop, type Workshop} from './content.ts';

/** What a tar holds, by path: text, or a link. */
export type Files = Readonly<
  Record<
    string,
    | string
    | Buffer
    | {readonly symlink: string}
    | {readonly hardlink: string}
    | {readonly directory: true}
  >
>;

export interface FileRow {
  readonly name: string;
  readonly kind: string;
  readonly size: number;
  readonly mode: number;
  readonly target: string | null;
  readonly layer: string;
  readonly change: string | null;
  readonly files: number | null;
  readonly bytes: number | null;
}

export interface FileList {
  readonly path: string;
  readonly entries: readonly FileRow[];
  readonly next: string | null;
  readonly total: number;
  readonly files: number;
  readonly bytes: number;
  readonly layers: number;
}

export interface LayerBench extends Workshop {
  readonly push: Workshop['push'];
  /** Answers with the digest of the manifest. */
  readonly pushLayers: (
    layers: readonly Content[],
    more?: {readonly name?: string; readonly tag?: string; readonly config?: object},
  ) => Promise<string>;
  readonly pushTars: (tars: readonly Files[]) => Promise<string>;
  /** Asks again and again while it is read, as bert, who only looks. */
  readonly ask: (path: string) => Promise<Response>;
  readonly list: (digest: string, path: string, query?: Query) => Promise<FileList>;
}

type Query = Readonly<Record<string, string | number>>;

export const repository = '/api/v1/repositories/tools~saw';

export const at = (digest: string, what: 'file' | 'files', query: Query): string =>
  `${repository}/manifests/${digest}/${what}?${queryOf(query)}`;

export function queryOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) parameters.set(key, String(value));
  return parameters.toString();
}

export async function openLayers(
  t: ExecutionContext,
  settings: Settings = {},
): Promise<LayerBench> {
  const bench = await openWorkshop(t, settings);
  const anna = bench.as(basic('anna'));
  const pushLayers: LayerBench['pushLayers'] = async (
    layers,
    {name = 'tools/saw', tag, config = {}} = {},
  ) => {
    const settings = contentOf(
      JSON.stringify({architecture: 'amd64', os: 'linux', ...config}),
      mediaTypes.config,
    );
    const manifest = imageOf(layers, {config: settings.descriptor});
    const held = layers.filter(({descriptor}) => !descriptor.urls);
    for (const blob of [...held, settings]) await pushBlob(anna, name, blob);
    await putManifest(anna, name, tag ?? manifest.digest, manifest).expect(201);
    return manifest.digest;
  };
  const ask: LayerBench['ask'] = async (address) => {
    for (;;) {
      const answer = await bench.by('bert').get(address);
      if (answer.status !== 202) return answer;
      await rest(50);
    }
  };
  return {
    ...bench,
    pushLayers,
    pushTars: async (tars) =>
      pushLayers(await Promise.all(tars.map(async (files) => layerOf(await tarOf(t, files))))),
    ask,
    list: async (digest, place, query = {}) => {
      const answer = await ask(at(digest, 'files', {path: place, ...query}));
      t.is(answer.status, 200, answer.text);
      return answer.body as FileList;
    },
  };
}

/** Of the system's own tar. */
export async function tarOf(
  t: ExecutionContext,
  files: Files,
  options: readonly string[] = [],
): Promise<Buffer> {
  const directory = await temporaryDirectory(t);
  const root = path.join(directory, 'root');
  await mkdir(root);
  for (const [name, what] of Object.entries(files)) {
    const file = path.join(root, name);
    await mkdir(path.dirname(file), {recursive: true});
    if (typeof what === 'string' || Buffer.isBuffer(what)) await writeFile(file, what);
    else if ('symlink' in what) await symlink(what.symlink, file);
    else if ('hardlink' in what) await link(path.join(root, what.hardlink), file);
    else await mkdir(file, {recursive: true});
  }
  const tar = path.join(directory, 'layer.tar');
  const names = [...new Set(Object.keys(files).map((name) => name.split('/')[0] ?? ''))];
  await run('tar', ['-cf', tar, '--sort=name', ...options, '-C', root, '--', ...names]);
  return readFile(tar);
}

const types = {
  gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  plain: 'application/vnd.oci.image.layer.v1.tar',
} as const;

const compressions = {
  gzip: (bytes: Buffer) => zlib.gzipSync(bytes),
  zstd: (bytes: Buffer) => zlib.zstdCompressSync(bytes),
  plain: (bytes: Buffer) => bytes,
} as const;

export const layerOf = (
  tar: Buffer,
  compression: keyof typeof types = 'gzip',
  mediaType: string = types[compression],
): Content => contentOf(compressions[compression](tar), mediaType);
