/** How each client gets something, as the registry says where it is. */
import {isChart} from './image/chart-of.ts';
import type {WholeManifest, WholeTag} from './types.ts';

type ClientName = 'docker' | 'podman' | 'skopeo' | 'helm' | 'oras';

export interface PullCommand {
  readonly client: ClientName;
  /** Absent: it has no tag, or the client knows none. */
  readonly byTag: string | undefined;
  readonly byDigest: string | undefined;
}

type Pulled = Pick<WholeManifest, 'kind' | 'config' | 'digest' | 'pull_by_digest_command'>;

/** `tag`: where it was come to by one. */
export function pullCommands(pulled: Pulled | WholeTag, tag?: string): readonly PullCommand[] {
  const whole = pulled.pull_by_digest_command.split(' ').at(-1) ?? '';
  const place = whole.slice(0, whole.indexOf('@'));
  const name = place.slice(place.lastIndexOf('/') + 1);
  const byDigest = `${place}@${pulled.digest}`;
  const byTag = tag === undefined ? undefined : `${place}:${tag}`;
  const each = (client: ClientName, command: (reference: string) => string): PullCommand => ({
    client,
    byTag: byTag === undefined ? undefined : command(byTag),
    byDigest: command(byDigest),
  });
  const all = pulled.kind === 'index' ? '--all ' : '';
  const skopeo = each(
    'skopeo',
    (reference) => `skopeo copy ${all}docker://${reference} oci:${name}`,
  );
  const oras = each('oras', (reference) => `oras pull ${reference}`);
  if (isChart(pulled)) {
    const helm = tag === undefined ? undefined : `helm pull oci://${place} --version ${tag}`;
    return [{client: 'helm', byTag: helm, byDigest: undefined}, oras, skopeo];
  }
  const isImage = pulled.kind === 'image' || pulled.kind === 'index';
  if (!isImage) return [oras, skopeo];
  return [
    each('docker', (reference) => `docker pull ${reference}`),
    each('podman', (reference) => `podman pull ${reference}`),
    skopeo,
  ];
}
