#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# above.sh LOWER BUNDLE COMMAND...: runs COMMAND with the directory LOWER as the bundle's root filesystem,
# and tests/software/inside in it as /inside. What the container writes is gone afterwards. For use inside
# of world.sh, whose mount namespace takes the mounts along when it ends.
set -eu
lower=$1
bundle=$2
shift 2
mkdir -p "$bundle/rootfs" "$bundle/above"
mount -t tmpfs -o mode=755 tmpfs "$bundle/above"
mkdir "$bundle/above/upper" "$bundle/above/work"
cp -r "${0%/*}/inside" "$bundle/above/upper/inside"
mount -t overlay -o "lowerdir=$lower,upperdir=$bundle/above/upper,workdir=$bundle/above/work" \
    overlay "$bundle/rootfs"
exec "$@"
