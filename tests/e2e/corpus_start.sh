#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# corpus_start.sh CORPUS SHIM ROOTFS WORK: starts, within a world, every config of the corpus that its index
# says starts, as the engine that wrote it would: the same bundle directory, --root and id, and every file
# that the engine would have made, where the config names it. One line per file:
#
#   started FILE | failed FILE: WHY | cannot FILE: WHY (it lacks something of this machine, not of seawall)
#
# What differs from the record: what the container runs (the probe), a terminal, processes' ids, limits that
# this machine cannot give, and hooks, which ask an engine that is not there.
set -u
corpus=$1 shim=$2 rootfs=$3 work=$4
within_baseline=$((16#00000000a80405fb))
declare -A sandbox_pid=()

# Root of a VM may be without CAP_SYS_RESOURCE, which raising limits and lowering oom_score_adj take.
least=$(cat /proc/self/oom_score_adj)
! (echo -1000 >/proc/self/oom_score_adj) 2>/dev/null || least=-1000
# A jq function that makes a process fit for this machine.
FITTING="def fitting:
    {RLIMIT_NOFILE: $(ulimit -Hn | sed s/unlimited/1048576/), RLIMIT_NPROC: $(ulimit -Hu | sed s/unlimited/1048576/)} as \$most
    | .terminal = false | del(.consoleSize)
    | if .oomScoreAdj then .oomScoreAdj |= ([., $least] | max) else . end
    | if .rlimits then .rlimits |= map(\$most[.type] as \$most | if \$most
        then .soft |= ([., \$most] | min) | .hard |= ([., \$most] | min) else . end) else . end;"

# engine_of FILE CONFIG: sets globals, bundle and id.
engine_of()
{
    id=$(jq -r '.linux.cgroupsPath | split("/") | last | sub("^libpod-"; "")' "$2")
    case $1 in
    docker/* | reference/docker*)
        globals=(--root /run/docker/runtime-runc/moby)
        bundle=/run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/$id
        ;;
    podman/*)
        globals=()
        bundle=/var/lib/containers/storage/overlay-containers/$id/userdata
        ;;
    *)
        globals=(--root /run/containerd/runc/k8s.io)
        bundle=/run/containerd/io.containerd.runtime.v2.task/k8s.io/$id
        ;;
    esac
}

# pods/UID/volume-subpaths/VOLUME/CONTAINER/N is a mount of something within the volume, as the kubelet does.
make_subpath()
{
    local volume=${1%/*/*} pod=${1%/volume-subpaths/*} file
    file=$(echo "$pod"/volumes/*/"${volume##*/}")/part
    mkdir -p "$(dirname "$1")"
    : >"$file"
    : >"$1"
    mount --bind "$file" "$1"
}

# Files and directories that the engine mounts, made where they are missing and may be made.
make_sources()
{
    local destination source
    while IFS=$'\t' read -r destination source; do
        [ ! -e "$source" ] || continue
        case $source in
        /run/* | /var/run/* | /var/lib/*) ;;
        *) missing="$source is not here" && return ;;
        esac
        if [[ $source == */volume-subpaths/* ]]; then
            make_subpath "$source"
            continue
        fi
        case $destination in
        /etc/hosts | /etc/hostname | /etc/resolv.conf | /run/.containerenv | /dev/termination-log | *.conf)
            mkdir -p "$(dirname "$source")" && : >"$source"
            ;;
        *) mkdir -p "$source" && chmod 777 "$source" ;;
        esac
    done < <(jq -r '.mounts[] | select(.type == "bind") | [.destination, .source] | @tsv' "$bundle/config.json")
}

# Network namespaces that a plugin mounts.
make_networks()
{
    local path
    for path in $(jq -r '.linux.namespaces[] | select(.path) | .path | select(test("/run/netns/"))' "$bundle/config.json"); do
        [ ! -e "$path" ] || continue
        mkdir -p "$(dirname "$path")" && : >"$path" && unshare --net="$path" true
    done
}

# prepare FILE CONFIG: everything that CONFIG names stands there; missing says why not.
prepare()
{
    missing=
    engine_of "$1" "$2"
    mkdir -p "$bundle"
    jq "$FITTING"' del(.hooks) | .process |= fitting' "$2" >"$bundle/config.json"
    root=$(jq -r .root.path "$bundle/config.json")
    [[ $root == /* ]] || root=$bundle/$root
    rm -rf "$root"
    mkdir -p "$root"
    cp -a "$rootfs/." "$root/"
    owner=$(jq -r '.linux.uidMappings[0].hostID // empty' "$bundle/config.json")
    [ -z "$owner" ] || chown -R "$owner:$owner" "$root"
    make_sources
    make_networks
}

# sandbox FILE CONFIG: the pod's own pause container runs; sandbox_pid[id] is its process.
sandbox()
{
    local id bundle globals root pid sandbox like
    sandbox=$(jq -r '.annotations["io.kubernetes.cri.sandbox-id"]' "$2")
    [ -z "${sandbox_pid[$sandbox]:-}" ] || return 0
    like=$(dirname "$2")/_sandbox.config.json
    if [ ! -e "$like" ]; then
        # The reference has a pod's container and another pod's sandbox.
        like=$work/sandbox.json
        jq --slurpfile container "$2" '$container[0].annotations as $to | .annotations as $from | tostring
            | gsub($from["io.kubernetes.cri.sandbox-id"]; $to["io.kubernetes.cri.sandbox-id"])
            | gsub($from["io.kubernetes.cri.sandbox-uid"]; $to["io.kubernetes.cri.sandbox-uid"])
            | gsub("sandbox-name\":\"default"; "sandbox-name\":\"" + $to["io.kubernetes.cri.sandbox-name"])
            | fromjson' "$corpus/reference/containerd-2.1.sandbox.config.json" >"$like"
    fi
    prepare "$1" "$like"
    timeout 20 "$shim" "${globals[@]}" run --detach --bundle "$bundle" --pid-file "$work/pid" "$id" \
        >"$work/out" 2>"$work/err" </dev/null || return 1
    pid=$(cat "$work/pid")
    sandbox_pid[$sandbox]=$pid
    cp "/proc/$pid/status" "$work/sandbox.status"
}

end_sandboxes()
{
    local id
    for id in "${!sandbox_pid[@]}"; do
        "$shim" --root /run/containerd/runc/k8s.io delete --force "$id"
        sandbox_pid=()
    done
}

# What the kernel says of the process whose status stands in FILE ("Name: value" or "Name=value").
confined()
{
    local status set
    status=$(tr -d '\t' <"$1" | tr : =)
    grep -qx NoNewPrivs=1 <<<"$status" && grep -qx Seccomp=2 <<<"$status" || return 1
    for set in CapInh CapPrm CapEff CapBnd CapAmb; do
        ((!(16#$(sed -n "s/^$set=//p" <<<"$status") & ~within_baseline))) || return 1
    done
}

# report FILE STATUS OUTPUT
report()
{
    if [ -n "$missing" ]; then
        echo "cannot $1: $missing"
    elif [ "$2" != 0 ]; then
        echo "failed $1: $(tail -n 1 "$work/err")"
    elif ! confined "$3"; then
        echo "failed $1: not confined: $(grep -E '^(NoNewPrivs|Seccomp|Cap)' "$3" | tr '\n' ' ')"
    else
        echo "started $1"
    fi
}

start_config()
{
    local file=$1 config=$corpus/$1 pid status
    if [ "$(jq -r '.annotations["io.kubernetes.cri.container-type"]' "$config")" = sandbox ]; then
        sandbox "$file" "$config"
        report "$file" $? "$work/sandbox.status"
        return
    fi
    if jq -e '.linux.namespaces[] | select(.path) | .path | startswith("/proc/")' "$config" >/dev/null; then
        if ! sandbox "$file" "$config"; then
            report "$file" 1 /dev/null
            return
        fi
        pid=${sandbox_pid[$(jq -r '.annotations["io.kubernetes.cri.sandbox-id"]' "$config")]}
    fi
    prepare "$file" "$config"
    jq --arg pid "${pid:-}" '.process.args = ["/probe"]
        | .linux.namespaces |= map(if .path then .path |= sub("^/proc/[0-9]+/"; "/proc/\($pid)/") else . end)' \
        "$bundle/config.json" >"$work/config" && cat "$work/config" >"$bundle/config.json"
    timeout 20 "$shim" "${globals[@]}" run --bundle "$bundle" "$id" >"$work/out" 2>"$work/err" </dev/null
    status=$?
    report "$file" $status "$work/out"
    rm -rf "$root"
}

# exec_process FILE: into a plain container of the same engine, which holds what baseline lets it.
exec_process()
{
    local file=$1 plain pid
    case $file in
    kubernetes/*) plain=kubernetes/default/web.config.json ;;
    *) plain=${file%%/*}/default.config.json ;;
    esac
    if [ "$plain" != "${exec_in:-}" ]; then
        end_exec
        if [[ $plain == kubernetes/* ]]; then
            sandbox "$plain" "$corpus/$plain" || return
            pid=${sandbox_pid[$(jq -r '.annotations["io.kubernetes.cri.sandbox-id"]' "$corpus/$plain")]}
        fi
        prepare "$plain" "$corpus/$plain"
        jq --arg pid "${pid:-}" '.process.args = ["sleep", "120"] | .process.user = {uid: 0, gid: 0}
            | .linux.namespaces |= map(if .path then .path |= sub("^/proc/[0-9]+/"; "/proc/\($pid)/") else . end)' \
            "$bundle/config.json" >"$work/config" && cat "$work/config" >"$bundle/config.json"
        timeout 20 "$shim" "${globals[@]}" run --detach --bundle "$bundle" "$id" >"$work/out" 2>"$work/err" </dev/null
        exec_in=$plain
    fi
    mkdir -p "$root/$(jq -r .cwd "$corpus/$file")"
    jq "$FITTING"' fitting | .args = ["/probe"]' "$corpus/$file" >"$work/process.json"
    timeout 20 "$shim" "${globals[@]}" exec --process "$work/process.json" "$id" >"$work/out" 2>"$work/err" </dev/null
    report "$file" $? "$work/out"
}

end_exec()
{
    [ -z "${exec_in:-}" ] || "$shim" "${globals[@]}" delete --force "$id"
    exec_in=
}

for file in $(jq -r '.[] | select(.kind == "config" and .baseline == "starts") | .file' "$corpus/index.json") \
    $(cd "$corpus" && ls reference/*.config.json); do
    [[ $file != */_sandbox.config.json ]] || end_sandboxes
    start_config "$file"
done
end_sandboxes
for file in $(jq -r '.[] | select(.kind == "process" and .baseline == "starts") | .file' "$corpus/index.json"); do
    exec_process "$file"
done
end_exec
end_sandboxes
