/** What the host has to have: Debian's packages, and a kernel for the machines. Nothing is installed here; what is missing is told with its command. */
import {globSync} from 'node:fs';
import {join} from 'node:path';
import {findProgram, missingPrograms} from '../support/programs.ts';
import {projectRoot} from '../support/project-root.ts';

/** Programs that only these machines need, and the package of each. The machines see the host's files, so what they run lies there, too. */
const packages = {
  'qemu-system-x86_64': 'qemu-system-x86',
  cpio: 'cpio',
  drbdadm: 'drbd-utils',
  dmsetup: 'dmsetup',
  exportfs: 'nfs-kernel-server',
  'mkfs.ext4': 'e2fsprogs',
  'mkfs.xfs': 'xfsprogs',
  'mount.nfs': 'nfs-common',
} as const;

/** Where a kernel may be unpacked that is not installed. */
const unpacked = join(projectRoot, 'node_modules/.cache/vm-kernel');

export interface Kernel {
  readonly image: string;
  readonly version: string;
  /** Below it lies `lib/modules`. */
  readonly root: string;
}

/** The newest that has all modules: installed, or unpacked. */
export function findKernel(): Kernel | undefined {
  for (const root of [unpacked, '/']) {
    const images = globSync(join(root, 'boot/vmlinuz-*')).sort();
    for (const image of images.reverse()) {
      const version = image.slice(image.indexOf('vmlinuz-') + 'vmlinuz-'.length);
      const drbd = join(root, 'lib/modules', version, 'kernel/drivers/block/drbd/drbd.ko*');
      if (globSync(drbd).length > 0) return {image, version, root};
    }
  }
  return undefined;
}

/** A line for each thing that is missing. */
export function missingNeeds(): readonly string[] {
  const missing = Object.entries(packages).filter(([name]) => findProgram(name) === undefined);
  const lines = missing.map(([name, from]) => `${name} is not installed`.padEnd(40) + from);
  if (missing.length > 0)
    lines.push(
      `apt-get install -y --no-install-recommends ${missing.map(([, from]) => from).join(' ')}`,
    );
  lines.push(...missingPrograms(['busybox', 'gcc', 'initdb', 'ip', 'postgres', 'setpriv']));
  if (!findKernel())
    lines.push(
      'there is no kernel with modules, neither in /boot nor unpacked; so it is unpacked and not installed:',
      `mkdir -p ${unpacked} && cd ${unpacked} && apt-get download "$(apt-cache depends linux-image-amd64 | awk '/Depends:/ {print $2; exit}')" && dpkg -x linux-image-*.deb . && rm linux-image-*.deb`,
    );
  if (process.getuid?.() !== 0) lines.push('only root may do this');
  return lines;
}
