/** A machine that exports a directory by NFSv4, and how others mount it: as docs/nfs.md says. */
import {addressOf, Machine} from './machine.ts';
import {makeDisk, type Stage} from './rack.ts';
import {dataDir, owner} from './registry-in.ts';

const number = 9;
export const exported = '/srv/export/holdfast';
/** In seconds. */
const lease = 15;

export async function bootNfsServer({rack}: Stage): Promise<Machine> {
  const disk = await makeDisk(rack, 'export', 1024);
  const server = await Machine.boot(rack, {name: 'server', number, disks: [disk]});
  await server.run('mkfs.ext4 -q /dev/vda');
  await exportAll(server);
  return server;
}

/** After each of its boots. Its state lies with what it exports. `fsid=0`: the file system above, in memory, is none that can be exported. */
export async function exportAll(server: Machine): Promise<void> {
  await server.run(`mkdir -p /srv/export
mount -o noatime /dev/vda /srv/export
mkdir -p ${exported} /srv/export/nfs
chown ${owner}:${owner} ${exported}
mount --bind /srv/export/nfs /var/lib/nfs
mkdir -p /var/lib/nfs/nfsdcld /var/lib/nfs/nfsdcltrack /run/rpc_pipefs
touch /var/lib/nfs/etab /var/lib/nfs/rmtab
modprobe nfsd
mount -t nfsd nfsd /proc/fs/nfsd
mount -t rpc_pipefs rpc_pipefs /run/rpc_pipefs
nfsdcld </dev/null >/run/nfsdcld.log 2>&1
echo '${exported} ${addressOf(0)}/24(rw,sync,no_subtree_check,root_squash,fsid=0)' > /etc/exports
rpc.nfsd --lease-time ${lease} --grace-time ${lease} --no-nfs-version 3 --no-udp 4
rpc.mountd --no-nfs-version 3 </dev/null >/run/mountd.log 2>&1
exportfs -ra`);
}

export async function mountNfs(machine: Machine): Promise<void> {
  await machine.run(
    `mount -t nfs -o nfsvers=4.2,proto=tcp,hard,lookupcache=positive,actimeo=1 ${addressOf(number)}:/ ${dataDir}`,
  );
}
