# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # of jq; for those who load this; set by bats
# SPDX-License-Identifier: Apache-2.0
# A Docker engine of our own in a world of our own, with seawall as its default runtime. An engine that
# already runs on this machine is neither asked nor disturbed.

load lib

IMAGE=seawall-e2e:1

# The engine's own client: a newer one elsewhere in PATH may be set up for another engine.
docker()
{
    local client=/usr/bin/docker
    [ -x "$client" ] || client=$(type -P docker)
    DOCKER_HOST=unix://$WORLD/run/docker.sock timeout --kill-after=5 60 "$client" "$@"
}

docker_start()
{
    local try
    jq -n --arg shim "$SHIM" '{
        "runtimes": {"seawall": {"path": $shim}, "restricted": {"path": ($shim + ".restricted")}},
        "default-runtime": "seawall"}' >"$WORLD/etc/docker/daemon.json"
    # Bridges and packet filters belong to the host, so there are none.
    "$BATS_TEST_DIRNAME/world.sh" "$WORLD" dockerd --config-file /etc/docker/daemon.json \
        --host unix:///run/docker.sock --pidfile /run/docker.pid --exec-root /run/docker \
        --data-root /var/lib/docker --bridge=none --iptables=false --ip-forward=false \
        >"$WORLD/dockerd.log" 2>&1 </dev/null 3>&- &
    echo $! >"$WORLD/dockerd.pid"
    for try in {1..100}; do
        docker version >/dev/null 2>&1 && break
        sleep 0.2
    done
    [ "$try" -lt 100 ] || { tail -n 20 "$WORLD/dockerd.log" >&2 && return 1; }
    tar -C "$E2E/rootfs" -c . | docker import - "$IMAGE" >/dev/null
}

# Processes that share the engine's mount namespace: itself, its containerd, its shims.
docker_processes()
{
    local namespace proc
    namespace=$(readlink "/proc/$(cat "$WORLD/dockerd.pid")/ns/mnt" || cat "$WORLD/namespace" 2>/dev/null)
    echo "$namespace" >"$WORLD/namespace"
    for proc in /proc/[0-9]*; do
        [ "$(readlink "$proc/ns/mnt" 2>/dev/null)" != "$namespace" ] || echo "${proc#/proc/}"
    done
}

docker_stop()
{
    local pid started
    docker ps -aq | while read -r id; do docker rm -f "$id" >/dev/null; done
    started=$(docker_processes)
    kill "$(cat "$WORLD/dockerd.pid")"
    for _ in {1..100}; do
        kill -0 "$(cat "$WORLD/dockerd.pid")" 2>/dev/null || break
        sleep 0.1
    done
    for pid in $started; do
        [ "$(readlink "/proc/$pid/ns/mnt" 2>/dev/null)" != "$(cat "$WORLD/namespace")" ] ||
            kill -KILL "$pid"
    done
}

# under RUNTIME DOCKER-RUN-ARGUMENTS...
under()
{
    local runtime=$1
    shift
    run --separate-stderr docker run --rm --runtime "$runtime" --name "e2e-$BATS_TEST_NUMBER" "$@"
}

# refused RULE ARGUMENTS...: docker run says why, and no container is left.
refused()
{
    local rule=$1
    shift
    under seawall "$@"
    [ "$status" = 125 ] || fail "expected exit 125" || return 1
    [ -z "$output" ] || fail "something ran" || return 1
    [[ $stderr == *"OCI runtime create failed: seawall: rejected: "*"$rule: "* ]] ||
        fail "expected on stderr: seawall: rejected: $rule" || return 1
    [ -z "$(docker ps -aq --filter "name=e2e-$BATS_TEST_NUMBER")" ] || fail "a container is left"
}
