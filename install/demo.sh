#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# demo.sh BUILD: starts the same image with the same careless config under plain runc and under seawall,
# and asks the kernel from inside what each of them enforces; then shows what seawall refuses. Needs root
# and runc; all it makes is in one temporary directory, removed at the end.
set -eu
cd "$(dirname "$0")/.."
build=$(cd "$1" && pwd)
[ "$(id -u)" -eq 0 ] || { echo "demo: needs root, as runc does here" >&2 && exit 1; }

# The build's own places for policy, log and memory; there is no policy, so the built-in one holds.
mkdir -p "$build/var/log" "$build/var/lib"
work=$(mktemp -d)
number=0
cleanup() {
    for id in $(runc --root "$work/state" list -q 2>/dev/null); do
        runc --root "$work/state" delete --force "$id" || true
    done
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' HUP INT TERM

if [ -t 1 ]; then
    bold=$(tput bold 2>/dev/null || true) red=$(tput setaf 1 2>/dev/null || true)
    green=$(tput setaf 2 2>/dev/null || true) plain=$(tput sgr0 2>/dev/null || true)
else
    bold='' red='' green='' plain=''
fi

# An image: busybox, and a root that anybody may write to as far as its mode goes.
image() {
    mkdir -p "$work/image"/{bin,proc,sys,dev,tmp,run,etc,var/tmp,host}
    cp /bin/busybox "$work/image/bin/"
    for name in sh grep touch head; do
        ln -s busybox "$work/image/bin/$name"
    done
    chmod 1777 "$work/image" "$work/image/tmp" "$work/image/var/tmp"
    cat >"$work/image/look" <<'LOOK'
grep -E '^(NoNewPrivs|Seccomp|CapEff):' /proc/self/status
if touch /probe 2>/dev/null; then echo 'writable: yes'; else echo 'writable: no'; fi
if (: >>/proc/sys/kernel/core_pattern) 2>/dev/null; then echo 'procsys: yes'; else echo 'procsys: no'; fi
if ! test -e /proc/kcore; then echo 'kcore: no (kernel has none)'
elif head -c 4 /proc/kcore 2>/dev/null | grep -q ELF; then echo 'kcore: yes'; else echo 'kcore: no'; fi
LOOK
}

# What "docker run --cap-add SYS_ADMIN --cap-add SYS_RAWIO --security-opt seccomp=unconfined
# --security-opt systempaths=unconfined" asks the runtime for, in the form of runc's own template.
careless='
    .process.args = ["/bin/sh", "/look"] | .process.terminal = false | .root.readonly = false
    | .process.noNewPrivileges = false | del(.process.rlimits)
    | .process.capabilities = (["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_NET_RAW",
        "CAP_SETGID", "CAP_SETUID", "CAP_SYS_ADMIN", "CAP_SYS_RAWIO"]
        | {bounding: ., effective: ., permitted: .})
    | del(.linux.maskedPaths, .linux.readonlyPaths, .linux.seccomp)'

all_caps=$(sed -n 's/^#define \(CAP_[A-Z_]*\)[[:space:]]*[0-9]*$/\1/p' /usr/include/linux/capability.h | tr '\n' ' ')
all_caps=${all_caps% }

# bundle NAME JQ-FILTER
bundle() {
    mkdir -p "$work/$1"
    [ -d "$work/$1/rootfs" ] || cp -a "$work/image" "$work/$1/rootfs"
    rm -f "$work/$1/config.json"
    (cd "$work/$1" && runc spec)
    jq --arg caps "$all_caps" "$careless | $2" "$work/$1/config.json" >"$work/$1/new.json"
    mv "$work/$1/new.json" "$work/$1/config.json"
}

# start RUNTIME BUNDLE: the runtime's own command line, in the foreground
start() {
    number=$((number + 1))
    "$1" --root "$work/state" run --bundle "$work/$2" "seawall-demo-$$-$number" </dev/null
}

value() {
    sed -n "s/^$2:[[:space:]]*//p" "$work/$1.out"
}

# row TITLE KEY GOOD: a value is good if it matches the pattern
row() {
    local column text color
    printf '  %-22s' "$1"
    for column in runc seawall restricted; do
        text=$(value $column "$2")
        color=$red
        # shellcheck disable=SC2254 # a pattern
        case $text in $3) color=$green ;; esac
        printf '%s%-22s%s  ' "$color" "${text:-?}" "$plain"
    done
    echo
}

# look COLUMN RUNTIME JQ-FILTER
look() {
    bundle "$1" "$3"
    start "$2" "$1" >"$work/$1.out" 2>"$work/$1.err" || {
        echo "demo: $2 did not start the image: $(cat "$work/$1.err")" >&2
        exit 1
    }
}

# refused TITLE JQ-FILTER
refused() {
    printf '\n  %s%s%s\n' "$bold" "$1" "$plain"
    bundle refused "$2"
    if start "$build/seawall-runtime" refused >"$work/out" 2>"$work/err"; then
        echo "  ${red}was started$plain"
        exit 1
    fi
    fold -s -w 92 "$work/err" | sed "s/ *$//; s/.*/    $red&$plain/"
}

image
ln -s "$build/seawall-runtime" "$work/seawall-runtime.restricted"
look runc runc .
look seawall "$build/seawall-runtime" .
look restricted "$work/seawall-runtime.restricted" '.process.user = {uid: 1000, gid: 1000}'

cat <<INTRO
${bold}One image, one careless config, started with and without seawall$plain
  asked for: no seccomp, no masked paths, SYS_ADMIN and SYS_RAWIO, setuid escalation open
  restricted is asked as uid 1000, for it refuses root

INTRO
printf '  %-22s%s%-24s%-24s%-24s%s\n' '' "$bold" runc seawall seawall.restricted "$plain"
row 'NoNewPrivs' NoNewPrivs 1
row 'Seccomp' Seccomp 2
row 'CapEff' CapEff '00000000[0-9a-f][0-9a-f][01]*'
row '/ writable' writable no
row '/proc/sys writable' procsys no
row '/proc/kcore readable' kcore 'no*'

refused 'docker run -v /:/host' '.mounts += [{destination: "/host", type: "bind", source: "/", options: ["rbind", "rw"]}]'
# shellcheck disable=SC2016
refused 'docker run --privileged' '
    .process.capabilities = (($caps | split(" ")) | {bounding: ., effective: ., permitted: .})
    | .linux.resources.devices = [{allow: true, access: "rwm"}]
    | (.mounts[] | select(.destination == "/sys" or .destination == "/sys/fs/cgroup").options) -= ["ro"]'
echo
