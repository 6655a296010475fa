#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# bench.sh BUILD: what seawall-runtime costs against the floor, a wrapper that only hands over, measured in
# one interleaved run over a runtime that exits at once; and what runc's create and start take with and
# without seawall. Times are told, never judged; a count above its bar fails. Some three minutes, as root: the
# bundle stands where Docker's would, in a mount namespace of its own.
set -eu
tree=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "$1" && pwd)/bench
shim=$build/shim
id=$(printf 'bench%059d' 0 | tr 'benchs' 'b0cde')
bundles=/run/containerd/io.containerd.runtime.v2.task/moby
storage=/var/lib/docker

if [ "${2-}" != inside ]; then
    [ "$(id -u)" -eq 0 ] || { echo "bench: needs root" >&2 && exit 1; }
    make -s --no-print-directory -C "$tree" O="$shim" SYSCONFDIR="$build/etc" VARDIR="$build/var" BINDIR="$shim" \
        LIBEXECDIR=/run/bench/libexec "$shim/seawall-runtime" "$shim/seawall-hook" "$shim/seawall" >&2
    mkdir -p "$build/etc/seawall" "$build/var/log" "$build/var/lib"
    exec unshare --mount --propagation private "$0" "$1" inside
fi

mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var/lib
work=/run/bench
rm -rf "$build/var/log/seawall"

policy() { # JSON
    printf '{"version": 1, %s}\n' "$1" >"$build/etc/seawall/policy.json"
}
policy "\"runtimes\": [\"$build/exit\"]"
mkdir -p "$work" "$bundles/$id" "$storage/overlay2/bench/merged" "$storage/containers/$id"
touch "$storage/containers/$id"/{hosts,hostname,resolv.conf}

# Docker's default config as it is written for our id, without the hook of a daemon that is gone.
old=$(jq -r '.linux.cgroupsPath | split("/") | last' "$tree/tests/corpus/docker/default.config.json")
sed "s/$old/$id/g" "$tree/tests/corpus/docker/default.config.json" |
    jq -c --arg root "$storage/overlay2/bench/merged" 'del(.hooks) | .root.path = $root' >"$work/9K"

# The same with more environment and labels, half and half.
grown() {
    jq -c --argjson n "$1" '.process.env += [range($n) | "SERVICE_\(.)_ADDRESS=tcp://10.0.\(. % 250).17:8443/path"]
        | .annotations += ([range($n) | {key: "com.example.label.number-\(.)", value: "some value of it \(.)"}]
            | from_entries)' "$work/9K" >"$work/$2"
}
jq -c 'del(.linux.seccomp)' "$work/9K" >"$work/open"
grown 740 89K
grown 7200 811K
grown 72000 8M

globals="--root	/run/docker/runtime-runc/moby	--log	@/log.json	--log-format	json"
create="$globals	create	--bundle	@	--pid-file	@/init.pid	$id"
start="$globals	start	$id"

# contender NAME CONFIG PROGRAM ARGUMENTS
contender() {
    printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4"
}

# The create of seawall must have judged and edited, or there is nothing to measure.
contender create "$work/9K" "$shim/seawall-runtime" "$create" |
    "$build/measure" times 1 "$bundles/$id" >"$work/try"
jq -e '.process.noNewPrivileges and .linux.seccomp' "$bundles/$id/config.json" >/dev/null ||
    { echo "bench: the config was not tightened" >&2 && exit 1; }
"$build/measure" counts "$bundles/$id" >"$work/counts" < <(
    contender create "$work/9K" "$shim/seawall-runtime" "$create"
    contender pass - "$shim/seawall-runtime" "$start"
    contender floor "$work/9K" "$build/floor" "$create"
)

# The program is static: an instruction that is not in it is not executed.
cpuid=$(objdump -d --no-show-raw-insn "$shim/seawall-runtime" | grep -cw cpuid || :)

# Instructions are counted by valgrind, which knows neither openat2, so that paths cannot be told, nor the
# processor's SHA instructions, nor an end by execve: the runtime here is none that can be started.
instructions() {
    local tab=$'\t' words=()
    printf x >"$build/none" && chmod 755 "$build/none"
    policy "\"runtimes\": [\"$build/none\"], \"rules\": {\"host-path\": \"audit\", \"root-path\": \"audit\"}"
    cp "$work/9K" "$bundles/$id/config.json"
    IFS=$tab read -ra words <<<"$create"
    timeout 60 valgrind -q --tool=callgrind --callgrind-out-file="$work/callgrind" "$shim/seawall-runtime" \
        "${words[@]/#@/$bundles/$id}" >/dev/null 2>&1 || :
    policy "\"runtimes\": [\"$build/exit\"]"
    callgrind_annotate --threshold=100 --auto=no "$work/callgrind" | tr -d , |
        awk '/PROGRAM TOTALS/ { all = $1 } /:compress_plain / { hash = $1 } END { print all, all - hash }'
}
read -r all_instructions instructions < <(instructions)

"$build/measure" times 400 "$bundles/$id" >"$work/times" < <(
    contender floor "$work/9K" "$build/floor" "$create"
    contender create "$work/9K" "$shim/seawall-runtime" "$create"
    contender open "$work/open" "$shim/seawall-runtime" "$create"
    contender floor-pass - "$build/floor" "$start"
    contender pass - "$shim/seawall-runtime" "$start"
)
"$build/measure" times 20 "$bundles/$id" >"$work/growth" < <(
    contender floor "$work/9K" "$build/floor" "$create"
    for size in 9K 89K 811K 8M; do
        contender "$size" "$work/$size" "$shim/seawall-runtime" "$create"
    done
)

# 32 at once, each with a bundle of that id.
workers=32 tail=io.containerd.runtime.v2.task/moby/$id
for ((worker = 0; worker < workers; worker++)); do
    mkdir -p "$work/parallel/$worker/$tail"
done
"$build/measure" parallel $workers 2 "$work/parallel" "$tail" >"$work/parallel.out" < <(
    contender floor "$work/9K" "$build/floor" "$create"
    contender create "$work/9K" "$shim/seawall-runtime" "$create"
)

# A container of runc's with Docker's filter: by runc alone; judged by seawall, native ABI only, and verified; the same
# without verification, by the same program that reads its policy elsewhere. Then what seawall made of it for another
# runtime, with a hook: without that, with it, and with a hook that only ends, which is what runc takes for any.
bundle=$work/bundle
mkdir -p "$bundle/rootfs"/{bin,proc,sys,dev} "$work/libexec/seawall" "$build/off/seawall"
cp "$(command -v busybox)" "$bundle/rootfs/bin/busybox"
(cd "$bundle" && runc spec)
jq -c --slurpfile docker "$work/9K" '.linux.seccomp = $docker[0].linux.seccomp | .process.terminal = false
    | .process.args = ["/bin/busybox", "sleep", "100"]' "$bundle/config.json" >"$work/plain"
cp "$shim/seawall-hook" "$work/libexec/seawall/"
LC_ALL=C sed "s|$build/etc/seawall|$build/off/seawall|g" "$shim/seawall-runtime" >"$work/unverified"
chmod 755 "$work/unverified"
real=$(command -v runc)
policy "\"verify\": \"off\", \"runtimes\": [\"$real\"], \"seccomp\": {\"abi\": \"native\"}"
cp "$build/etc/seawall/policy.json" "$build/off/seawall/"
ln -sf "$real" "$work/other"
policy "\"runtimes\": [\"$work/other\"], \"seccomp\": {\"abi\": \"native\"}"
runc="--root	$work/runc"
cycle() { # NAME CONFIG PROGRAM
    contender "$1" "$work/$2" "$3" "$runc"
}
cycle judged plain "$shim/seawall-runtime" | "$build/measure" cycles 1 "$bundle" bench >"$work/try"
jq -c . "$bundle/config.json" >"$work/hooked"
jq -c 'del(.hooks)' "$work/hooked" >"$work/bare"
cp "$build/exit" "$work/libexec/"
jq -c --arg path "$work/libexec/exit" '.hooks.poststart[0].path = $path' "$work/hooked" >"$work/any"
policy "\"runtimes\": [\"$real\"], \"seccomp\": {\"abi\": \"native\"}"
"$build/measure" cycles 200 "$bundle" bench >"$work/starts" < <(
    cycle verified plain "$shim/seawall-runtime"
    cycle unverified plain "$work/unverified"
)
"$build/measure" cycles 60 "$bundle" bench >"$work/cycles" < <(
    cycle plain plain "$real"
    cycle judged plain "$shim/seawall-runtime"
    cycle bare bare "$real"
    cycle any any "$real"
    cycle hooked hooked "$real"
)
grep -q '"boundary":"poststart".*"verdict":"allowed"' "$build/var/log/seawall/decisions.jsonl" ||
    { echo "bench: nothing was verified" >&2 && exit 1; }

value() { # FILE NAME FIELD
    awk -F '\t' -v name="$2" -v field="$3" '$1 == name { print $field }' "$work/$1"
}

failed=0
row() { # WHAT VALUE UNIT BAR TARGET: a bar given as a plain number is a count and is held
    local verdict=''
    if [[ $4 =~ ^[0-9]+$ ]]; then
        verdict=ok
        [ "$2" -le "$4" ] || { verdict=FAILED && failed=$((failed + 1)); }
    fi
    printf '  %-44s %10s %-8s %10s %10s  %s\n' "$1" "$2" "$3" "$4" "$5" "$verdict"
}

ratio() { # A B
    awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

per_mb() { # SIZE: milliseconds over those of the 9 KB config, per MB beyond it
    awk -v t="$(value growth "$1" 2)" -v base="$(value growth 9K 2)" -v size="$(stat -c %s "$work/$1")" \
        -v small="$(stat -c %s "$work/9K")" 'BEGIN { printf "%.2f", (t - base) / 1000 / ((size - small) / 1e6) }'
}

printf 'floor: %s us, a wrapper that only hands over; runtime: exits at once\n' "$(value times floor 2)"
printf '  %-44s %10s %-8s %10s %10s\n' what measured '' bar target
row "create, judged and edited, $(stat -c %s "$work/9K") bytes" "$(ratio "$(value times create 2)" "$(value times floor 2)")" 'x floor' '2.2 x' '1.5 x'
row 'start, handed on' "$(ratio "$(value times pass 2)" "$(value times floor-pass 2)")" 'x floor' '1.06 x' '1.02 x'
for size in 89K 811K 8M; do
    row "growth up to $(stat -c %s "$work/$size") bytes" "$(per_mb $size)" 'ms/MB' '8 ms' '2 ms'
done
row 'creates per second, 32 at once' "$(awk -v a="$(value parallel.out create 2)" -v b="$(value parallel.out floor 2)" 'BEGIN { printf "%.0f", 100 * a / b }')" '% floor' '50 %' '75 %'
# The bar is 0.1 ms where the floor takes 0.255.
row 'create with a filter over one without' "$(awk -v a="$(value times create 2)" -v b="$(value times open 2)" -v floor="$(value times floor 2)" 'BEGIN { printf "%.2f", (a - b) / floor }')" 'x floor' '0.39 x' ''
row 'create: user instructions but for hashing' "$instructions" '' 800000 150000
row 'create: user instructions with SHA-256 in C' "$all_instructions" '' - -
row 'create: system calls' "$(value counts create 2)" '' 40 25
row 'create: CPUID instructions' "$cpuid" '' 0 0
row 'create: page faults' "$(value counts create 3)" '' 60 30
row 'create: memory over the floor' "$(($(value counts create 4) - $(value counts floor 4)))" 'KiB' 512 256
row 'start: system calls' "$(value counts pass 2)" '' - -
row 'runc create and start, judged, native ABI' "$(ratio "$(value cycles judged 2)" "$(value cycles plain 2)")" 'x runc' '1 x' ''
row 'runc create and start, verified' "$(ratio "$(value starts verified 2)" "$(value starts unverified 2)")" 'x without' '1.03 x' ''
row 'runc create and start, verified by a hook' "$(ratio "$(value cycles hooked 2)" "$(value cycles bare 2)")" 'x without' - -
row 'runc create and start, any hook' "$(ratio "$(value cycles any 2)" "$(value cycles bare 2)")" 'x without' - -
[ $failed -eq 0 ]
