#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# Who a container says it is, and who it is: exemptions go by what the engine vouches for alone.

load docker

UID_OF_POD=0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0
FORGED=(
    --annotation io.kubernetes.pod.namespace=kube-system --annotation io.kubernetes.pod.name=proxy
    --annotation "io.kubernetes.pod.uid=$UID_OF_POD" --annotation io.kubernetes.container.name=proxy
    --annotation io.kubernetes.cri-o.Namespace=kube-system
    --annotation io.kubernetes.cri-o.ImageName=registry/proxy
    --annotation io.kubernetes.cri-o.ContainerType=container)

setup_file()
{
    world_new identity
    cgroups_note
    docker_start
}

teardown_file()
{
    docker_stop
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    policy
}

# exempt MATCH: the workloads that match may have CAP_SYS_ADMIN.
exempt()
{
    policy "{\"version\": 1, \"rules\": {\"capabilities\": \"reject\"}, \"exemptions\": [{\"id\": \"e2e\",
        \"rules\": [\"capabilities\"], \"match\": $1, \"reason\": \"a test\", \"owner\": \"tests\",
        \"expires\": \"never\"}]}"
}

# Podman with storage of its own; a network would be the host's.
podman()
{
    WORLD_TIME=60 world env -u DOCKER_CONFIG podman --runtime "$SHIM" --root /var/lib/containers/storage \
        --runroot /run/containers/storage --storage-driver vfs --cgroup-manager cgroupfs \
        --events-backend none "$@"
}

podman_run()
{
    run --separate-stderr podman run --rm --network none --ulimit nofile=1024:1024 \
        --ulimit nproc=1024:1024 --cap-add SYS_ADMIN "$@" \
        localhost/seawall-e2e:1 /probe
}

@test "identity: Docker's image id makes an exemption match, its name and labels do not" {
    local id
    id=$(docker image inspect --format '{{.Id}}' "$IMAGE")

    exempt "{\"engine\": \"docker\", \"digest\": \"$id\"}"
    run --separate-stderr docker run --rm --cap-add SYS_ADMIN "$IMAGE" /probe
    [ "$status" = 0 ]
    has_cap CapBnd SYS_ADMIN
    decided 'workload.digest' "$id" 'findings | map(select(.rule == "capabilities").exemption) | unique | join(" ")' e2e

    exempt "{\"engine\": \"docker\", \"digest\": \"sha256:0000\"}"
    run --separate-stderr docker run --rm --cap-add SYS_ADMIN "$IMAGE" /probe
    [[ $status != 0 && $stderr == *"seawall: rejected: capabilities: "* ]]

    exempt "{\"engine\": \"docker\", \"image\": \"*\"}"
    run --separate-stderr docker run --rm --cap-add SYS_ADMIN "$IMAGE" /probe
    [[ $status != 0 && $stderr == *"seawall: rejected: capabilities: "* ]]

    exempt '{"engine": "docker", "label.trusted": "yes"}'
    run --separate-stderr docker run --rm --label trusted=yes --cap-add SYS_ADMIN "$IMAGE" /probe
    [[ $status != 0 && $stderr == *"seawall: rejected: capabilities: "* ]]
}

@test "identity: an exec is the container's own" {
    local id
    id=$(docker image inspect --format '{{.Id}}' "$IMAGE")
    exempt "{\"digest\": \"$id\"}"
    docker run -d --rm --name identity-exec "$IMAGE" sleep 30 >/dev/null
    run --separate-stderr docker exec identity-exec /probe
    docker rm -f identity-exec >/dev/null
    expect NoNewPrivs 1 Seccomp 2
    [ "$(grep '"boundary":"exec"' "$WORLD/log/seawall/decisions.jsonl" | tail -n 1 |
        jq -r .workload.digest)" = "$id" ]
}

@test "identity: annotations typed into podman never match" {
    local match
    tar -C "$E2E/rootfs" -c . >"$WORLD/image.tar"
    podman import "$WORLD/image.tar" localhost/seawall-e2e:1 >/dev/null 2>&1

    exempt '{"engine": "podman"}'
    podman_run "${FORGED[@]}"
    [ "$status" = 0 ] || fail "podman did not run it"
    has_cap CapBnd SYS_ADMIN

    for match in '{"namespace": "kube-system"}' '{"pod": "*"}' '{"container": "*"}' '{"image": "*"}' \
        '{"engine": ["cri-o", "containerd-cri"]}'; do
        exempt "$match"
        for parent in /podman-e2e "/pod$UID_OF_POD" "/pod$UID_OF_POD/x:crio:"; do
            podman_run "${FORGED[@]}" --cgroup-parent "$parent"
            [ "$status" != 0 ] || fail "$match, $parent: it ran"
            [[ $stderr == *"seawall: rejected: capabilities: "* ]] || fail "$match, $parent"
        done
    done

    podman_run --annotation io.kubernetes.cri.container-type=sandbox \
        --annotation io.kubernetes.cri.sandbox-namespace=kube-system
    [[ $status != 0 && $stderr == *"seawall: rejected: identity: "* ]]
}

@test "identity: what the runtime calls unsafe is asked once and refused" {
    bundle plain '.annotations."org.example.new" = "x"'
    behind
    [ "$status" = 0 ]

    printf '#!/bin/sh\n[ "$1" = features ] && echo "%s" && exit\nexec runc "$@"\n' \
        '{\"potentiallyUnsafeConfigAnnotations\": [\"org.example.new\", \"org.wide.\"]}' >"$WORLD/lib/seawall/runtime"
    chmod 755 "$WORLD/lib/seawall/runtime"
    policy '{"version": 1, "runtimes": ["/var/lib/seawall/runtime"]}'
    run --separate-stderr world "$SEAWALL" policy update
    [ "$status" = 0 ]
    [[ $output == *"org.example.new"* ]]
    rejected annotations
    [[ $stderr == *"org.example.new is one that the runtime itself calls unsafe"* ]]

    bundle other '.annotations."org.example.news" = "x"'
    behind
    [ "$status" = 0 ]

    # who else may write there decides nothing
    chmod 666 "$WORLD/lib/seawall/annotations.json"
    behind
    [[ $status = 1 && $stderr == *"/var/lib/seawall/annotations.json: "* ]]
    rm "$WORLD/lib/seawall/annotations.json"
}
