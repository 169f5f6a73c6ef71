# The first program once the root is there: what any machine has, and then an agent.
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs tmpfs /run
mkdir -p /run/lock
# name, address, kernel: as the host has written them there.
for word in $(cat /proc/cmdline); do
  case $word in guest_*=*) eval "$word" ;; esac
done
export PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
hostname "$guest_name"
# The kernel asks for further modules by itself.
version=$(uname -r)
mkdir -p /lib/modules /srv/holdfast
[ -e "/lib/modules/$version" ] || ln -s "$guest_kernel/lib/modules/$version" "/lib/modules/$version"
[ -e /sbin/modprobe ] || ln -s "$(command -v busybox)" /sbin/modprobe
modprobe virtio_net
ip link set lo up
ip address add 10.0.2.15/24 dev eth0
ip link set eth0 up
ip address add "$guest_address/24" dev eth1
ip link set eth1 up
# The agent: each connection is a shell, which does what the host says.
busybox nc -ll -p 2000 -e /bin/sh &
# Whoever's parent has died is this one's.
while :; do wait; sleep 1; done
