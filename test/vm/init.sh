#!/bin/busybox sh
# The first program of a machine. It puts together the root: the host's files, to be read, and above them a file system in memory for what is written.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
while read -r module; do
  insmod "/modules/$module"
done </modules/order
mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=loose,ro host /host
mount -t tmpfs -o size=90% tmpfs /memory
mkdir /memory/files /memory/work
mount -t overlay -o lowerdir=/host,upperdir=/memory/files,workdir=/memory/work root /root
next=$(cat /next)
umount /dev /sys /proc
exec switch_root /root /bin/sh "$next"
