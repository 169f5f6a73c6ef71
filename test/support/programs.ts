/**
 * Every foreign program that a test needs, and where it comes from: the one list.
 *
 * `node test/support/programs.ts apt` and `... go` print what .ci/run has to install.
 */
import {accessSync, constants, globSync} from 'node:fs';
import {homedir} from 'node:os';
import {delimiter, join} from 'node:path';

type Origin = {readonly apt: string} | {readonly go: string};

const origins = {
  buildah: {apt: 'buildah'},
  busybox: {apt: 'busybox-static'},
  chromium: {apt: 'chromium'},
  containerd: {apt: 'containerd'},
  crun: {apt: 'crun'},
  ctr: {apt: 'containerd'},
  curl: {apt: 'curl'},
  docker: {apt: 'docker.io'},
  'docker-compose': {apt: 'docker-compose'},
  'docker-registry': {apt: 'docker-registry'},
  dockerd: {apt: 'docker.io'},
  faketime: {apt: 'faketime'},
  // With the headers of the C library, which that of gcc alone does not need.
  gcc: {apt: 'g++'},
  git: {apt: 'git'},
  htpasswd: {apt: 'apache2-utils'},
  ip: {apt: 'iproute2'},
  iptables: {apt: 'iptables'},
  initdb: {apt: 'postgresql'},
  'keystone-manage': {apt: 'keystone'},
  'keystone-wsgi-public': {apt: 'keystone'},
  logrotate: {apt: 'logrotate'},
  'mariadb-install-db': {apt: 'mariadb-server'},
  mariadbd: {apt: 'mariadb-server'},
  nginx: {apt: 'nginx-light'},
  openssl: {apt: 'openssl'},
  podman: {apt: 'podman'},
  postgres: {apt: 'postgresql'},
  prometheus: {apt: 'prometheus'},
  promtool: {apt: 'prometheus'},
  ps: {apt: 'procps'},
  python3: {apt: 'python3-minimal'},
  runc: {apt: 'runc'},
  script: {apt: 'bsdutils'},
  skopeo: {apt: 'skopeo'},
  slapd: {apt: 'slapd'},
  sqlite3: {apt: 'sqlite3'},
  'systemd-analyze': {apt: 'systemd'},
  'systemd-notify': {apt: 'systemd'},
  'systemd-socket-activate': {apt: 'systemd'},
  systemd: {apt: 'systemd'},
  tar: {apt: 'tar'},
  umoci: {apt: 'umoci'},
  wrk: {apt: 'wrk'},
  xmllint: {apt: 'libxml2-utils'},
  crane: {go: 'github.com/google/go-containerregistry/cmd/crane@v0.22.1'},
  'dpkg-deb': {apt: 'dpkg'},
  lintian: {apt: 'lintian'},
  mount: {apt: 'mount'},
  nsenter: {apt: 'util-linux'},
  'ocf-tester': {apt: 'resource-agents'},
  prlimit: {apt: 'util-linux'},
  setpriv: {apt: 'util-linux'},
  unshare: {apt: 'util-linux'},
  registry: {go: 'github.com/distribution/distribution/v3/cmd/registry@v3.1.1'},
  helm: {go: 'helm.sh/helm/v3/cmd/helm@v3.22.0'},
  oras: {go: 'oras.land/oras/cmd/oras@v1.3.6'},
} as const satisfies Record<string, Origin>;

export type ProgramName = keyof typeof origins;

/** Debian's own programs come first: a second docker client may stand earlier in the PATH. */
const searchPath = [
  '/usr/bin',
  '/usr/sbin',
  '/bin',
  '/sbin',
  ...(process.env['PATH'] ?? '').split(delimiter),
  process.env['GOBIN'] ?? join(process.env['GOPATH'] ?? join(homedir(), 'go'), 'bin'),
  '/usr/local/go/bin',
  // Debian has those of each of its versions in a place of their own.
  ...globSync('/usr/lib/postgresql/*/bin'),
].filter((directory) => directory !== '');

/** The PATH that the tests give to what they start. */
export const programPath = searchPath.join(delimiter);

/** Where a program lies, `undefined` if nowhere. */
export function findProgram(name: string): string | undefined {
  return searchPath.map((directory) => join(directory, name)).find(isExecutable);
}

/** A sentence for each program that is not there: what is missing, and how it is installed. */
export function missingPrograms(names: readonly ProgramName[]): string[] {
  return names
    .filter((name) => findProgram(name) === undefined)
    .map((name) => `${name} is not installed (${installCommand(origins[name])})`);
}

function installCommand(origin: Origin): string {
  return 'apt' in origin ? `apt-get install -y ${origin.apt}` : `go install ${origin.go}`;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function everything(kind: 'apt' | 'go'): string[] {
  const all = Object.values(origins).flatMap((origin: Origin) => {
    if (kind === 'apt') return 'apt' in origin ? [origin.apt] : [];
    return 'go' in origin ? [origin.go] : [];
  });
  return [...new Set(all)];
}

if (import.meta.main) {
  const [kind] = process.argv.slice(2);
  if (kind !== 'apt' && kind !== 'go') throw new Error('usage: programs.ts apt|go');
  console.log(everything(kind).join('\n'));
}
