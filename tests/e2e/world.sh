#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# world.sh DIR COMMAND...: runs COMMAND in a mount namespace of its own, in which /run, /etc/seawall,
# /etc/docker, /var/log/seawall and what engines keep in /var/lib come from DIR: the programs under test
# see the paths of a real installation, and the host keeps what it has. WORLD_CGROUP=v1 hides the unified
# hierarchy of a hybrid host, which crun refuses to work with; WORLD_CGROUP=v2 leaves nothing but it, as on a
# host of today. Nothing of the host is ever unmounted.
set -eu

if [ "${WORLD_INSIDE:-}" != 1 ]; then
    WORLD_INSIDE=1 exec unshare --mount --propagation private "$0" "$@"
fi
unset WORLD_INSIDE
dir=$1
shift

# Mount points the host may lack are added by a read-only overlay above its own directory.
mount -t overlay -o "lowerdir=$dir/points/etc:/etc" overlay /etc
mount -t overlay -o "lowerdir=$dir/points/log:/var/log" overlay /var/log
mount -t overlay -o "lowerdir=$dir/points/lib:/var/lib" overlay /var/lib
for point in etc/seawall etc/docker log/seawall lib/seawall lib/docker lib/containers lib/containerd lib/kubelet; do
    case $point in
    etc/*) mount --bind "$dir/$point" "/$point" ;;
    *) mount --bind "$dir/$point" "/var/$point" ;;
    esac
done
mount --bind "$dir/run" /run
# Where a test wants the hook, it is installed here.
[ ! -d "$dir/points/local" ] || mount -t overlay -o "lowerdir=$dir/points/local:/usr/local" overlay /usr/local

if [ "${WORLD_CGROUP:-}" = v1 ] && [ -d /sys/fs/cgroup/unified ]; then
    mkdir -p /run/cgroup
    mount -t tmpfs -o mode=755 tmpfs /run/cgroup
    awk '$3 == "cgroup" { print $2 }' /proc/mounts | while read -r hierarchy; do
        mkdir "/run/cgroup/${hierarchy##*/}"
        mount --bind "$hierarchy" "/run/cgroup/${hierarchy##*/}"
    done
    mount --move /run/cgroup /sys/fs/cgroup
fi
if [ "${WORLD_CGROUP:-}" = v2 ] && [ "$(stat -f -c %T /sys/fs/cgroup)" != cgroup2fs ]; then
    mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
unset WORLD_CGROUP
exec "$@"
