#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# rootfs.sh DIR: Debian with the software under test in DIR, from the mirror that this machine's apt uses,
# or else Debian's own. What is there is kept as long as this file stays what it was.
set -euo pipefail

suite=bookworm
packages='python3 nodejs nginx-light redis-server postgresql default-jdk-headless git apt-utils'

# As a program of its own: the namespace below begins with a new program.
if [ "${1:-}" = --install ]; then
    mount -t proc proc "$2/proc"
    # Packages that start their services on installation ask here first: 101 is no.
    printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"
    chmod 755 "$2/usr/sbin/policy-rc.d"
    mkdir -p "$2/etc/postgresql-common"
    echo 'create_main_cluster = false' >"$2/etc/postgresql-common/createcluster.conf"
    chroot "$2" apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    chroot "$2" apt-get install -y -q --no-install-recommends $packages
    chroot "$2" apt-get clean
    rm -rf "$2"/var/lib/apt/lists/* "$2/usr/sbin/policy-rc.d"
    exit 0
fi

# The first of apt's sources that is Debian's, as it says itself; its updates are of no concern.
# shellcheck disable=SC2016 # for apt
mirror()
{
    apt-get indextargets 'Created-By: Packages' 'Origin: Debian' 'Component: main' \
        --format '$(RELEASE) $(REPO_URI)' 2>/dev/null | awk '$1 ~ /^[a-z]+$/ { print $2; exit }'
}

dir=$1
made=$(sha256sum <"$0")
[ "$(cat "$dir.made" 2>/dev/null)" != "$made" ] || exit 0
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 http_proxy=${http_proxy:-}
[ -n "$http_proxy" ] || eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
rm -rf "$dir" "$dir.made" "$dir.new"
mkdir -p "$dir.new"
log=$dir.log
from=$(mirror)
echo "making $dir, which takes some minutes" >&2
if ! debootstrap --variant=minbase "$suite" "$dir.new" ${from:+"$from"} >"$log" 2>&1 </dev/null ||
    ! unshare --mount --propagation private "$0" --install "$dir.new" >>"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    exit 1
fi
mv "$dir.new" "$dir"
echo "$made" >"$dir.made"
