# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What all files of this directory share: the programs under test, a probe to look around with from
# inside, and a root filesystem. A missing engine is a failure: what was not tried is not proved.

require()
{
    local program
    for program; do
        command -v "$program" >/dev/null && continue
        echo "$program is missing: install it, or run install/deps.sh e2e" >&2
        return 1
    done
}

make_rootfs()
{
    local root=$1 busybox link
    busybox=$(command -v busybox)
    mkdir -p "$root"/{bin,dev,etc,proc,sys,run,root,home,tmp,var/tmp}
    chmod 1777 "$root/tmp"
    cp "$busybox" "$root/bin/busybox"
    for link in sh ash cat echo env false grep head id kill ls mkdir mount nc ps pwd rm sleep tail \
        test top touch true tty uname wc; do
        ln -s busybox "$root/bin/$link"
    done
    echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
    echo 'root:x:0:' >"$root/etc/group"
    "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -O2 -static -o "$root/probe" \
        "$BATS_TEST_DIRNAME/probe/probe.c" &&
        cp "$root/probe" "$root/pause" &&
        cp "$root/probe" "$root/probe-setuid" && chmod 4755 "$root/probe-setuid"
}

setup_suite()
{
    local repo program
    repo=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
    export E2E=$BATS_SUITE_TMPDIR
    export SEAWALL_BUILD=${SEAWALL_BUILD:-$repo/build}
    export DOCKER_CONFIG=$E2E/docker-config

    if [ "$(id -u)" != 0 ]; then
        echo "containers are started for real: run this as root" >&2
        return 1
    fi
    require runc crun dockerd containerd podman newuidmap strace jq busybox unshare "${CC:-cc}" || return 1
    mkdir -p "$E2E/bin" "$DOCKER_CONFIG"
    for program in seawall seawall-runtime; do
        if [ ! -x "$SEAWALL_BUILD/$program" ]; then
            echo "$SEAWALL_BUILD/$program is missing: run make, or set SEAWALL_BUILD" >&2
            return 1
        fi
        cp "$SEAWALL_BUILD/$program" "$E2E/bin/"
    done
    ln -s seawall-runtime "$E2E/bin/seawall-runtime.restricted"
    make_rootfs "$E2E/rootfs"
}
