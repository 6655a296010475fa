#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What building, checking and showing seawall needs. On Debian and Ubuntu missing packages are installed
# and named; elsewhere they are named only. Nothing that is there is upgraded, and no engine that runs is
# touched: packages are told not to start or restart services.
#
# deps.sh [MAKE-TARGET...]   without a target: what building needs
set -eu

# WHAT:PACKAGE; WHAT is a command or a library. Libraries are asked for, not headers: other packages have
# headers of the same names (the kernel's, liblzma's check.h). What python3 alone has of
# its modules is not enough: pydoc3 comes with all of them.
build='cc:gcc libc.a:libc6-dev musl-gcc:musl-tools libyajl_s.a:libyajl-dev libcap.a:libcap-dev
    libseccomp.a:libseccomp-dev'
unit='libcheck.a:check jq:jq pydoc3:python3 busybox:busybox-static groff:groff-base patch:patch'
engines='runc:runc crun:crun dockerd:docker.io docker:docker.io containerd:containerd podman:podman newuidmap:uidmap
    conmon:conmon iptables:iptables bats:bats strace:strace unshare:util-linux
    git:git'
analysis='clang:clang clang-format:clang-format clang-tidy:clang-tidy cppcheck:cppcheck
    shellcheck:shellcheck codespell:codespell git:git'

needs_of() {
    case $1 in
    demo) echo "$build runc:runc busybox:busybox-static jq:jq" ;;
    check | e2e | race) echo "$build $unit $engines" ;;
    e2e-software) echo "$build $unit $engines debootstrap:debootstrap" ;;
    check-unit | check-sanitize | coverage) echo "$build $unit" ;;
    check-valgrind) echo "$build $unit valgrind:valgrind" ;;
    bench) echo "$build valgrind:valgrind jq:jq runc:runc busybox:busybox-static" ;;
    lint | fuzz) echo "$build $unit $analysis" ;;
    *) echo "$build" ;;
    esac
}

any() {
    for file; do
        [ ! -e "$file" ] || return 0
    done
    return 1
}

present() {
    case $1 in
    *.a) any /usr/lib/"$1" /usr/lib/*/"$1" /usr/lib64/"$1" /usr/local/lib/"$1" ;;
    *) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ;;
    esac
}

missing=
[ $# -gt 0 ] || set -- build
for target; do
    for need in $(needs_of "$target"); do
        present "${need%%:*}" && continue
        case " $missing " in
        *" ${need#*:} "*) ;;
        *) missing="$missing ${need#*:}" ;;
        esac
    done
done
missing=${missing# }
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "seawall: missing (by their names in Debian): $missing" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "seawall: missing; as root: apt-get install --no-install-recommends $missing" >&2
    exit 1
fi

echo "seawall: installing $missing" >&2
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
    # A package that starts its service on installation asks here first: 101 is no.
    trap 'rm -f $policy' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of words
install_all() {
    apt-get install -y -q --no-install-recommends --no-upgrade $missing </dev/null >"$log" 2>&1
}
log=$(mktemp)
if ! install_all && ! { apt-get update -q </dev/null >>"$log" 2>&1 && install_all; }; then
    cat "$log" >&2
    rm -f "$log"
    echo "seawall: could not install $missing" >&2
    exit 1
fi
rm -f "$log"
