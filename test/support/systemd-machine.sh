#!/bin/sh
# A systemd of its own over a copy of this machine: what it writes goes to memory, what it sees of processes, network and control groups is its own.
# $1: an empty directory. $2: a directory that both see, under the same name. Ends with whoever gets SIGTERM here.
set -eu
directory=$1 shared=$2 name=holdfast-test-$$

# Where this process is in a hierarchy of control groups, which is named by what stands for it in /proc/self/cgroup.
place() { sed -n "s/^[0-9]*:$1://p" /proc/self/cgroup; }
groups=$(awk '$3 == "cgroup2" {print $2 ":"} $3 == "cgroup" && $4 ~ /name=systemd/ {print $2 ":name=systemd"}' /proc/mounts)
homes=
inside() {
  mount -t tmpfs -o size=1500m tmpfs "$directory"
  mkdir "$directory/upper" "$directory/work" "$directory/root"
  mount -t overlay -o "lowerdir=/,upperdir=$directory/upper,workdir=$directory/work" overlay "$directory/root"
  cd "$directory/root"
  # Empty: systemd empties both when it boots, file by file.
  mount -t tmpfs -o mode=1777 tmpfs tmp
  mount -t tmpfs -o mode=1777 tmpfs var/tmp
  mkdir -p ".$shared"
  mount --bind "$shared" ".$shared"
  mount -t proc proc proc
  mount -t sysfs -o ro sysfs sys
  mount -t tmpfs -o mode=755 tmpfs run
  mount -t tmpfs -o mode=755 tmpfs dev
  for node in null zero full random urandom tty; do
    touch dev/$node
    mount --bind /dev/$node dev/$node
  done
  ln -s /proc/self/fd dev/fd
  mkdir dev/shm dev/pts
  mount -t tmpfs -o mode=1777 tmpfs dev/shm
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts dev/pts
  ln -s pts/ptmx dev/ptmx
  if grep -q 'name=systemd' /proc/mounts; then
    mount -t tmpfs -o mode=755 tmpfs sys/fs/cgroup
    mkdir sys/fs/cgroup/systemd sys/fs/cgroup/unified
    mount -t cgroup -o none,name=systemd cgroup sys/fs/cgroup/systemd
    mount -t cgroup2 cgroup2 sys/fs/cgroup/unified
  else
    mount -t cgroup2 cgroup2 sys/fs/cgroup
  fi
  # Nothing that this machine happens to have installed is started, and nothing says that nothing may be.
  rm -rf etc/systemd/system/*.wants usr/sbin/policy-rc.d
  : >etc/fstab
  # As systemd leaves it where it boots: credentials of services are mounts that have to spread.
  mount --make-rshared .
  exec env -i container=holdfast-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    chroot . /lib/systemd/systemd --system --unit=basic.target --log-target=journal
}

if [ "${3-}" = inside ]; then inside; fi

for group in $groups; do
  home=${group%%:*}$(place "${group#*:}")
  homes="$homes $home"
  mkdir "$home/$name"
  echo $$ >"$home/$name/cgroup.procs"
done
unshare --fork --pid --mount --uts --ipc --net --cgroup --kill-child --propagation private \
  "$0" "$directory" "$shared" inside &
child=$!
trap 'kill -KILL $child' TERM
echo "started $child"
# The first one ends with the signal.
wait $child || wait $child || true
for home in $homes; do
  echo $$ >"$home/cgroup.procs"
  # The last of those who were in it may be about to end.
  tries=50
  while [ -d "$home/$name" ] && [ $tries -gt 0 ]; do
    find "$home/$name" -depth -type d -exec rmdir {} \; 2>/dev/null || sleep 0.1
    [ ! -d "$home/$name" ] || sleep 0.1
    tries=$((tries - 1))
  done
done
