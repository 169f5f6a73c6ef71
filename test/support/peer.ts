/** A registry as skopeo is told of it, so that one story can be played with Holdfast and with others. */
import {ask} from './registry.ts';
import type {Workbench} from './workbench.ts';

export type Peer = {
  readonly url: string;
  readonly host: string;
  readonly caFile?: string;
  readonly certDir?: string;
};

/** Copies a local image into the registry. */
export async function pushTo(
  peer: Peer,
  bench: Workbench,
  source: string,
  reference: string,
  options: readonly string[] = [],
): Promise<void> {
  const to = [trust(peer, 'dest-'), source, `docker://${peer.host}/${reference}`];
  await bench.skopeo('copy', ...options, ...to);
}

/** Copies an image out of the registry into a local place. */
export async function pullFrom(
  peer: Peer,
  bench: Workbench,
  reference: string,
  destination: string,
  options: readonly string[] = [],
): Promise<void> {
  const from = [trust(peer, 'src-'), `docker://${peer.host}/${reference}`];
  await bench.skopeo(...options, 'copy', ...from, destination);
}

/** The manifest that a reference leads to, as it came over the wire. */
export async function manifestIn(peer: Peer, bench: Workbench, reference: string): Promise<string> {
  return bench.manifest(`docker://${peer.host}/${reference}`, trust(peer));
}

export async function tagsIn(peer: Peer, bench: Workbench, repository: string): Promise<unknown> {
  const listed = ['list-tags', trust(peer), `docker://${peer.host}/${repository}`];
  return (JSON.parse(await bench.skopeo(...listed)) as {Tags: unknown}).Tags;
}

/** Everything that the catalogue names. */
export async function repositoriesIn(peer: Peer): Promise<unknown> {
  const {body} = await ask(peer, '/v2/_catalog');
  return (JSON.parse(body.toString()) as {repositories: unknown}).repositories;
}

function trust({certDir}: Peer, side = ''): string {
  return certDir === undefined ? `--${side}tls-verify=false` : `--${side}cert-dir=${certDir}`;
}
