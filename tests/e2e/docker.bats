#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# Docker with seawall as the default runtime in daemon.json. "under runc" shows the danger first: Docker's
# own runtime in the same engine.

load docker
load hooks

setup_file()
{
    world_new docker
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
    NAME=e2e-$BATS_TEST_NUMBER
    policy
}

teardown()
{
    docker rm -f "$NAME" >/dev/null 2>&1 || true
}

@test "docker: the engine knows seawall as its default runtime" {
    run --separate-stderr docker info --format '{{.DefaultRuntime}} {{json .Runtimes}}'
    [[ $output == "seawall "*"$SHIM"* ]]
}

@test "docker: a plain image works, and is confined" {
    under runc "$IMAGE" /probe
    expect NoNewPrivs 0 socket_raw ok setuid_euid 0
    has_cap CapBnd NET_RAW

    run --separate-stderr docker run --rm "$IMAGE" /probe
    hardened
    expect socket_raw EPERM create_root ok
    lacks_cap CapBnd NET_RAW
    decided verdict tightened workload.engine docker boundary create
}

@test "docker: what the kernel does not enforce is not started, and the reason shown" {
    LIAR=/run/lie/bin/runc
    liar runc '.process.noNewPrivileges = false'
    run --separate-stderr docker run --rm --name "$NAME" "$IMAGE" /probe
    [ "$status" = 125 ] && [ -z "$output" ] || fail "it ran" || return 1
    [[ $stderr == *"OCI runtime start failed: seawall: rejected: no-new-privileges: "* ]] || fail "no reason" || return 1
    [ "$(verified .verdict)" = rejected ] && [ -z "$(docker ps -aq --filter "name=$NAME")" ]
    liar runc
    run --separate-stderr docker run --rm --name "$NAME" "$IMAGE" /probe
    hardened && [ "$(verified .verdict)" = allowed ]
}

@test "docker: --privileged is refused" {
    refused privileged --privileged "$IMAGE" /probe
    decided verdict rejected
}

@test "docker: -v /:/host is refused" {
    under runc -v /:/host "$IMAGE" test -s /host/etc/passwd
    [ "$status" = 0 ]
    refused host-path -v /:/host "$IMAGE" test -s /host/etc/passwd
    refused host-path -v /:/host:ro "$IMAGE" test -s /host/etc/passwd
    refused host-path -v /etc:/x "$IMAGE" true
    refused host-path --mount type=bind,source=/var/lib,target=/x "$IMAGE" true
}

@test "docker: a named volume over a host directory is refused" {
    docker volume create --opt type=none --opt o=bind --opt device=/etc "$NAME" >/dev/null
    under runc -v "$NAME:/x" "$IMAGE" test -s /x/passwd
    [ "$status" = 0 ]
    refused host-path -v "$NAME:/x" "$IMAGE" test -s /x/passwd
    docker volume rm "$NAME"
}

# dockerd mounts what it is asked to, links and all.
@test "docker: a volume that is an overlay of host directories is refused" {
    local directory=$WORLD/lib/docker/volumes/$NAME/_data
    docker volume create "$NAME" >/dev/null
    mkdir -p "$directory/empty" && ln -s /etc "$directory/link"
    docker volume create --opt type=overlay --opt device=overlay \
        --opt "o=lowerdir=/var/lib/docker/volumes/$NAME/_data/link:/var/lib/docker/volumes/$NAME/_data/empty" "$NAME-link" >/dev/null
    under runc -v "$NAME-link:/x" "$IMAGE" test -s /x/passwd
    [ "$status" = 0 ]
    refused host-path -v "$NAME-link:/x" "$IMAGE" test -s /x/passwd
    docker volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=1m "$NAME-mem" >/dev/null
    under seawall -v "$NAME-mem:/x" "$IMAGE" touch /x/y
    [ "$status" = 0 ] || fail "a volume in memory is refused"
    docker volume rm "$NAME" "$NAME-link" "$NAME-mem"
}

@test "docker: another container's hosts file comes with its network alone" {
    local victim
    victim=$(docker run -d --name "$NAME-victim" --network none "$IMAGE" sleep 60)
    docker run -d --name "$NAME-other" --network none "$IMAGE" sleep 60
    under seawall --network "container:$NAME-victim" "$IMAGE" test -s /etc/hosts
    [ "$status" = 0 ] || fail "the files of the joined network are refused"
    under seawall --network "container:$NAME-other" -v "/var/lib/docker/containers/$victim/hosts:/h" "$IMAGE" true
    [ "$status" = 125 ]
    [[ $stderr == *"seawall: rejected: host-path: "* ]]
    docker rm -f "$NAME-other" "$NAME-victim" >/dev/null
}

@test "docker: -v /var/run/docker.sock:/x is refused" {
    under runc -v /var/run/docker.sock:/x "$IMAGE" test -S /x
    [ "$status" = 0 ]
    refused host-socket -v /var/run/docker.sock:/x "$IMAGE" test -S /x
    refused host-socket -v /run:/x "$IMAGE" test -S /x/docker.sock
}

@test "docker: the host's namespaces are refused" {
    under runc --pid=host "$IMAGE" /probe
    expect ns_pid "$(host_namespace pid)"
    refused host-pid --pid=host "$IMAGE" /probe
    under runc --network=host "$IMAGE" /probe
    expect ns_net "$(host_namespace net)"
    refused host-network --network=host "$IMAGE" /probe
    refused host-ipc --ipc=host "$IMAGE" /probe
    refused host-uts --uts=host "$IMAGE" /probe
}

@test "docker: another container's namespaces are refused" {
    docker run -d --name "$NAME" "$IMAGE" sleep 60
    run --separate-stderr docker run --rm --pid="container:$NAME" "$IMAGE" ps
    [ "$status" = 125 ]
    [[ $stderr == *"seawall: rejected: namespace-join: "* ]]
}

@test "docker: --cap-add SYS_ADMIN is tightened away" {
    under runc --cap-add SYS_ADMIN "$IMAGE" /probe
    has_cap CapEff SYS_ADMIN
    expect unshare_mount ok
    under seawall --cap-add SYS_ADMIN "$IMAGE" /probe
    hardened
    lacks_cap CapBnd SYS_ADMIN
    expect unshare_mount EPERM
}

@test "docker: --security-opt seccomp=unconfined gets a filter all the same" {
    under runc --security-opt seccomp=unconfined "$IMAGE" /probe
    expect Seccomp 0 try_keyctl ok clone_newuser ok
    under seawall --security-opt seccomp=unconfined "$IMAGE" /probe
    hardened
}

@test "docker: --security-opt systempaths=unconfined keeps its shields" {
    under runc --security-opt systempaths=unconfined "$IMAGE" /probe
    expect read_timer_list ok write_core_pattern ok
    under seawall --security-opt systempaths=unconfined "$IMAGE" /probe
    hardened
}

@test "docker: --device is refused" {
    under runc --device /dev/kmsg "$IMAGE" test -c /dev/kmsg
    [ "$status" = 0 ]
    refused devices --device /dev/kmsg "$IMAGE" test -c /dev/kmsg
}

@test "docker: --sysctl and --cgroup-parent are refused" {
    refused sysctls --sysctl net.ipv4.ip_forward=1 "$IMAGE" true
    refused cgroups-path --cgroup-parent /elsewhere "$IMAGE" true
}

@test "docker: exec --privileged gets no more than the container" {
    docker run -d --name "$NAME" "$IMAGE" sleep 60
    run --separate-stderr docker exec --privileged "$NAME" /probe
    hardened
    decided boundary exec verdict tightened workload.engine docker

    docker rm -f "$NAME"
    docker run -d --name "$NAME" --cap-drop ALL "$IMAGE" sleep 60
    run --separate-stderr docker exec --privileged "$NAME" /probe
    [ "$status" = 0 ] || fail "exec did not run"
    capabilities_within 0
    expect NoNewPrivs 1 Seccomp 2
}

@test "docker: exec works as always" {
    docker run -d --name "$NAME" "$IMAGE" sleep 60
    run --separate-stderr docker exec -u 1000 -w /tmp -e GREETING=hello "$NAME" sh -c 'id -u; pwd; echo $GREETING; exit 3'
    [ "$status" = 3 ]
    [ "$output" = $'1000\n/tmp\nhello' ]
    run --separate-stderr docker exec -i "$NAME" cat <<<"through and back"
    [ "$output" = "through and back" ]
    run --separate-stderr docker exec -t "$NAME" tty
    [[ $output == /dev/pts/0* ]]
    run --separate-stderr docker exec "$NAME" /no/such/program
    [ "$status" = 126 ] || [ "$status" = 127 ]
    [[ $stderr$output == *"no such file or directory"* ]]
    docker exec -d "$NAME" touch /tmp/detached
    sleep 1
    docker exec "$NAME" test -e /tmp/detached
}

@test "docker: ps, logs, stats, top, inspect and cp are unharmed" {
    docker run -d --name "$NAME" "$IMAGE" sh -c 'echo to stdout; echo to stderr >&2; exec sleep 60'
    [ "$(docker ps --filter "name=$NAME" --format '{{.State}}')" = running ]
    sleep 0.5
    [ "$(docker logs "$NAME" 2>/dev/null)" = "to stdout" ]
    [ "$(docker logs "$NAME" 2>&1 >/dev/null)" = "to stderr" ]
    [[ $(docker stats --no-stream --format '{{.Name}} {{.PIDs}}' "$NAME") == "$NAME 1" ]]
    [[ $(docker top "$NAME") == *"sleep 60"* ]]
    [ "$(docker inspect --format '{{.HostConfig.Runtime}}' "$NAME")" = seawall ]
    docker cp "$NAME:/etc/passwd" - | tar -xO | grep -q root
}

@test "docker: stop, start, restart, pause, kill, wait and rm are unharmed" {
    docker run -d --name "$NAME" "$IMAGE" sh -c 'trap "exit 5" TERM; while :; do sleep 0.1; done'
    docker pause "$NAME"
    [ "$(docker inspect --format '{{.State.Status}}' "$NAME")" = paused ]
    docker unpause "$NAME"
    docker stop -t 10 "$NAME"
    [ "$(docker inspect --format '{{.State.ExitCode}}' "$NAME")" = 5 ]
    docker start "$NAME"
    docker restart -t 10 "$NAME"
    docker kill "$NAME"
    [ "$(docker wait "$NAME")" = 137 ]
    docker rm "$NAME"
    [ -z "$(docker ps -aq --filter "name=$NAME")" ]
}

@test "docker: a refused container leaves nothing behind" {
    run docker run -d --name "$NAME" --pid=host "$IMAGE" sleep 60
    [ "$status" = 125 ]
    [ "$(docker inspect --format '{{.State.Status}}' "$NAME")" = created ]
    run docker start "$NAME"
    [[ $output == *"seawall: rejected: host-pid: "* ]]
    docker rm "$NAME"
    run ls "$WORLD/run/docker/runtime-runc/moby"
    [ -z "$output" ] || fail "the runtime holds a container still"
}

@test "docker: exit codes, stdin and a terminal come through" {
    run docker run --rm "$IMAGE" sh -c 'exit 42'
    [ "$status" = 42 ]
    run --separate-stderr docker run --rm -i "$IMAGE" cat <<<"through and back"
    [ "$output" = "through and back" ]
    run --separate-stderr docker run --rm -t "$IMAGE" tty
    [[ $output == /dev/* ]]
    run docker run --rm "$IMAGE" /no/such/program
    [ "$status" = 127 ]
}

@test "docker: what people use every day starts" {
    docker volume create "$NAME" >/dev/null
    under seawall -v "$NAME:/data" --tmpfs /scratch -w /data -e A=b --hostname web --user 1000:1000 \
        --memory 64m --cpus 0.5 --pids-limit 50 --ulimit nofile=64 --shm-size 16m --label x=y \
        --add-host db:10.0.0.1 --network none --cap-drop CHOWN --security-opt no-new-privileges \
        "$IMAGE" sh -c 'pwd; uname -n; grep -c db /etc/hosts; id -u; touch /scratch/x && echo written'
    [ "$status" = 0 ] || fail "it did not start"
    [ "$output" = $'/data\nweb\n1\n1000\nwritten' ]
    docker volume rm "$NAME"

    under seawall --read-only --tmpfs /tmp "$IMAGE" /probe
    hardened
    expect create_root EROFS create_tmp ok
}

@test "docker: update may lower limits" {
    docker run -d --name "$NAME" --memory 64m "$IMAGE" sleep 60
    docker update --memory 32m --memory-swap 64m --pids-limit 40 "$NAME"
    run cat "/sys/fs/cgroup/pids/docker/$(docker inspect --format '{{.Id}}' "$NAME")/pids.max"
    [ "$output" = 40 ] || [ ! -d /sys/fs/cgroup/pids ]
    docker update --pids-limit -1 "$NAME" || true
    run cat "/sys/fs/cgroup/pids/docker/$(docker inspect --format '{{.Id}}' "$NAME")/pids.max"
    [ "$output" != max ] || fail "the limit was lifted"
    decided boundary update
}

@test "docker: build works, and what it runs is confined" {
    printf 'FROM %s\nRUN /probe >/seen\nCMD ["cat", "/seen"]\n' "$IMAGE" >"$BATS_TEST_TMPDIR/Dockerfile"
    run env DOCKER_BUILDKIT=0 bash -c "$(declare -f docker); docker build -q --network none -t e2e-built '$BATS_TEST_TMPDIR'"
    [ "$status" = 0 ] || fail "the build failed"
    run --separate-stderr docker run --rm e2e-built
    hardened
}

# BuildKit runs the first "runc" of PATH, whatever daemon.json says, so here the build itself is asked for.
@test "docker: build with BuildKit works" {
    printf 'FROM %s\nRUN echo built >/seen\nCMD ["cat", "/seen"]\n' "$IMAGE" >"$BATS_TEST_TMPDIR/Dockerfile"
    run env DOCKER_BUILDKIT=1 bash -c "$(declare -f docker); docker build -q --network none -t e2e-kit '$BATS_TEST_TMPDIR'"
    [ "$status" = 0 ] || fail "the build failed"
    [ "$(docker run --rm e2e-kit)" = built ]
}

@test "docker: the runtime named restricted asks for more" {
    run --separate-stderr docker run --rm --runtime restricted --user 1000 "$IMAGE" /probe
    [ "$status" = 0 ] || fail "it did not start"
    expect NoNewPrivs 1 Seccomp 2 create_root "E@(ROFS|ACCES)" create_tmp ok
    expect mount:/ '* ro,*'
    capabilities_within 400
    run --separate-stderr docker run --rm --runtime restricted "$IMAGE" true
    [[ $stderr == *"seawall: rejected: user-root: "* ]]
}

@test "docker: a broken policy starts nothing, and stops nothing from being removed" {
    docker run -d --name "$NAME" "$IMAGE" sleep 60
    policy '{"version": 1, "profil": "baseline"}'
    run docker run --rm "$IMAGE" true
    [ "$status" = 125 ]
    [[ $output == *"/etc/seawall/policy.json"*profil* ]]
    run docker exec "$NAME" true
    [ "$status" != 0 ]
    docker stop -t 1 "$NAME"
    docker rm "$NAME"
}

@test "docker: seawall verify and scan see what runs" {
    local id
    id=$(docker run --detach --name "$NAME" --init --volume e2e-scan:/data --tmpfs /scratch --read-only "$IMAGE" sleep 60)
    run --separate-stderr world "$SEAWALL" verify "${id:0:12}"
    [ "$status" = 0 ] || fail "verify" || return 1
    [[ $output == *"${id:0:12} "*" docker "*" runc "*holds* ]] || fail "verify" || return 1
    docker exec --detach "$NAME" sleep 61
    run --separate-stderr world "$SEAWALL" verify --pid "$(pgrep -nx -f 'sleep 61')"
    [ "$status" = 0 ] || fail "verify --pid" || return 1
    run --separate-stderr world "$SEAWALL" scan
    [ "$status" = 0 ] || fail "scan" || return 1
    grep -q "^${id:0:12} .* docker .* baseline  *allowed  *holds  *yes\$" <<<"$output" || fail "scan"
}
