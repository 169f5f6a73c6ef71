/** What to put where so that a client trusts the registry: files and commands for each kind of client. */
import type {X509Certificate} from 'node:crypto';
import {isIP} from 'node:net';
import {CertificateError} from './certificate-error.ts';

interface TrustFile {
  readonly path: string;
  /** The text of the file; without it, the file is a copy of ca.crt. */
  readonly content?: string;
}

export interface TrustStep {
  readonly client: string;
  readonly files: readonly TrustFile[];
  /** Shell commands for a directory that holds ca.crt. */
  readonly commands: readonly string[];
  readonly notes: readonly string[];
}

/**
 * `HOST[:PORT]` as image names carry it; port 443 is left out, as clients look for the directory by the name in use.
 * Throws CertificateError `setting`.
 */
export function parseHost(text: string): string {
  const url = `https://${text}`;
  const wrong = /[/?#@\s\\]/.test(text) || !URL.canParse(url);
  if (!wrong) return new URL(url).host;
  throw new CertificateError(
    'setting',
    `"${text}" is not HOST:PORT, such as registry.example.org:5000`,
  );
}

/** The certificate a client must trust: the CA's, or a self-signed one's own; `undefined` if the files don't hold it. */
export const trustAnchor = (
  chain: readonly X509Certificate[],
  authority: X509Certificate | undefined,
): X509Certificate | undefined =>
  authority ?? chain.find((one) => one.checkIssued(one) && one.verify(one.publicKey));

/** What to do where the certificate is not for that name; `undefined`: it is. */
export function nameFault(
  certificate: X509Certificate,
  host: string,
  mode: string,
): string | undefined {
  const name = new URL(`https://${host}`).hostname.replaceAll(/[[\]]/g, '');
  const isNamed = isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name);
  if (isNamed !== undefined) return undefined;
  const remedy =
    mode === 'self-signed'
      ? 'add it to tls.names and restart'
      : 'get a certificate that has this name';
  return `the certificate in use is not for ${name}, and clients will refuse it: ${remedy}`;
}

const install = (path: string): string => `sudo install -D -m 0644 ca.crt '${path}'`;

/** One line, which may be copied with its indentation. */
const write = (path: string, lines: readonly string[]): string =>
  `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} | sudo tee '${path}' >/dev/null`;

/** To a loopback address containerd speaks plain HTTP (seen with 1.6), unless it is named as a host of itself. */
function hostsToml(host: string, ca: string): readonly string[] {
  const root = [`server = "https://${host}"`, `ca = "${ca}"`];
  return /^(localhost|127\.[0-9.]+|\[::1\])(:|$)/.test(host)
    ? [...root, `[host."https://${host}"]`, `ca = "${ca}"`]
    : root;
}

/** All kinds of clients; `host` as `parseHost` gives it. */
export function trustSteps(host: string): readonly TrustStep[] {
  const docker = `/etc/docker/certs.d/${host}/ca.crt`;
  const containers = `/etc/containers/certs.d/${host}/ca.crt`;
  const containerd = `/etc/containerd/certs.d/${host}`;
  const hosts = hostsToml(host, `${containerd}/ca.crt`);
  const system = `holdfast-${host.replace(/[^A-Za-z0-9.-]+/g, '-')}.crt`;
  const debian = `/usr/local/share/ca-certificates/${system}`;
  const redHat = `/etc/pki/ca-trust/source/anchors/${system}`;
  const configPath = [
    '/etc/containerd/config.toml must name the directory; containerd 2.x (version = 3):',
    `  [plugins."io.containerd.cri.v1.images".registry]\n    config_path = "/etc/containerd/certs.d"`,
    'containerd 1.x (version = 2):',
    `  [plugins."io.containerd.grpc.v1.cri".registry]\n    config_path = "/etc/containerd/certs.d"`,
    'after a change of config.toml: sudo systemctl restart containerd; files below certs.d need no restart',
  ];
  const containerdFiles: readonly TrustFile[] = [
    {path: `${containerd}/ca.crt`},
    {path: `${containerd}/hosts.toml`, content: hosts.map((line) => `${line}\n`).join('')},
  ];
  const containerdCommands = [
    install(`${containerd}/ca.crt`),
    write(`${containerd}/hosts.toml`, hosts),
  ];
  return [
    {
      client: 'docker',
      files: [{path: docker}],
      commands: [install(docker)],
      notes: [
        'no restart is needed; rootless docker: ~/.config/docker/certs.d/ in place of /etc/docker/certs.d/',
      ],
    },
    {
      client: 'podman, skopeo, buildah',
      files: [{path: containers}],
      commands: [install(containers)],
      notes: [
        'for one user only: ~/.config/containers/certs.d/ in place of /etc/containers/certs.d/',
      ],
    },
    {
      client: 'containerd (ctr, nerdctl)',
      files: containerdFiles,
      commands: containerdCommands,
      notes: [
        `ctr reads it with: ctr images pull --hosts-dir /etc/containerd/certs.d ${host}/NAME:TAG`,
      ],
    },
    {
      client: 'Kubernetes nodes with containerd (on each node)',
      files: containerdFiles,
      commands: containerdCommands,
      notes: configPath,
    },
    {
      client: 'Kubernetes nodes with CRI-O (on each node)',
      files: [{path: containers}],
      commands: [install(containers)],
      notes: ['no restart is needed'],
    },
    {
      client: 'system trust store, Debian and Ubuntu (curl, helm, oras, Go programs)',
      files: [{path: debian}],
      commands: [install(debian), 'sudo update-ca-certificates'],
      notes: ['programs that run already, docker and containerd among them, must be restarted'],
    },
    {
      client: 'system trust store, RHEL, Fedora, CentOS, openEuler',
      files: [{path: redHat}],
      commands: [install(redHat), 'sudo update-ca-trust extract'],
      notes: ['programs that run already, docker and containerd among them, must be restarted'],
    },
  ];
}
