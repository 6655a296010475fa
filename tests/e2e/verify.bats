#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# seawall verify and seawall scan: containers that run, whoever started them.

load hooks

setup_file()
{
    world_new verify
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    unset WORLD_CGROUP
    policy '{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc"]}'
    # Ids are cut at twelve characters.
    new_id() { ID=$RANDOM-$BASHPID-e2e; }
}

teardown()
{
    reap
    RUNTIME=crun
    WORLD_CGROUP=v1 reap
}

# start PROGRAM NAME [JQ-FILTER]: a container that stays.
start()
{
    bundle "$2" '.process.args = ["sleep", "60"]'"${3:-}"
    new_id
    world "$1" run --detach --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
}

# seen FORMAT-FREE ARGS...: seawall's answer, and its exit code.
ask()
{
    run --separate-stderr world "$SEAWALL" "$@"
}

@test "verify: no container is none" {
    ask verify --all
    [ "$status" = 0 ] && [ "$output" = "no container is running" ]
    ask scan --format json
    [ "$status" = 0 ]
}

@test "verify: a hardened container holds, by runc and by crun" {
    local first
    start "$SHIM" holds
    first=$ID
    ask verify "$ID"
    [ "$status" = 0 ] || fail "runc" || return 1
    [[ $output == *"$(cut -c1-12 <<<"$ID")"*runc*holds* ]] || fail "runc" || return 1
    policy '{"version": 1, "runtimes": ["/usr/bin/crun"]}'
    export WORLD_CGROUP=v1
    RUNTIME=crun
    start "$SHIM" holds-too
    ask verify --all
    [ "$status" = 0 ] || fail "crun" || return 1
    [ "$(grep -c holds <<<"$output")" = 2 ] && grep -q "crun  *holds" <<<"$output" || fail "crun" || return 1
    ask verify --pid "$(world crun state "$ID" | jq .pid)"
    [ "$status" = 0 ] || fail "--pid" || return 1
    ask verify --all --format json
    [ "$(jq -r 'select(.verdict == "allowed" and .findings == []) | .id' <<<"$output" | sort)" = \
        "$(printf '%s\n' "$first" "$ID" | sort)" ] || fail "json"
}

@test "verify: what a container's own program did is not held against it" {
    start "$SHIM" own '| .process.args = ["sh", "-c", "umask 0; mkdir /d; cd /d; rm -r /var/tmp; ulimit -n 64; sleep 60"]'
    sleep 0.3
    ask verify "$ID"
    [ "$status" = 0 ]
}

@test "verify: a process that was let in with more is found by its number" {
    start "$SHIM" entered
    ask verify --pid "$(world runc state "$ID" | jq .pid)"
    [ "$status" = 0 ] || fail "its own" || return 1
    world runc exec --detach --cap CAP_SYS_ADMIN "$ID" sleep 61 </dev/null >/dev/null 2>&1
    ask verify --pid "$(world runc ps "$ID" | awk '/sleep 61/ { print $2 }')"
    [ "$status" = 1 ] && grep -q '^  capabilities /process/capabilities/' <<<"$output" || fail "let in"
}

# A bundle's owner may write anything into it while root verifies; runc, too, starts what has such a mask.
@test "verify: a config that was spoilt since is told of, and ends nothing" {
    local caps
    for caps in '[]' '["CAP_SYS_ADMIN"]'; do
        start runc "spoilt$caps" '| .process.capabilities |= map_values('"$caps"')'
        for list in '[null]' '[true, {}]'; do
            jq ".linux.maskedPaths = $list | .linux.readonlyPaths = $list" "$BUNDLE/config.json" >"$BUNDLE/spoilt"
            mv "$BUNDLE/spoilt" "$BUNDLE/config.json"
            ask verify "$ID"
            [ "$status" = 2 ] || fail "$caps $list: exit $status" || return 1
            [[ $output$stderr == *"config.json: /linux/"*Paths/0:* ]] || fail "$caps $list: no reason" || return 1
        done
        ask verify --all
        [ "$status" -lt 3 ] || fail "--all: exit $status" || return 1
    done
}

@test "verify: a lie without a hook is found later" {
    hook_remove
    liar runc '.linux.maskedPaths -= ["/proc/keys"] | .process.noNewPrivileges = false'
    start "$SHIM" late
    ask verify "$ID"
    [ "$status" = 1 ] || fail "exit" || return 1
    [[ $output == *differs* ]] && grep -q '^  masked-paths /linux/maskedPaths/' <<<"$output" &&
        grep -q '^  no-new-privileges /process/noNewPrivileges: ' <<<"$output" || fail "findings" || return 1
    ask verify --format json "$ID"
    [ "$status" = 1 ] && [ "$(jq -r .verdict <<<"$output")" = rejected ]
}

@test "scan: who came by seawall, who did not, and who came by nobody" {
    local judged bad stranger
    start "$SHIM" judged
    judged=$ID
    start runc bad '| .mounts += [{"destination": "/host", "type": "bind", "source": "/usr", "options": ["rbind", "ro"]}]'
    bad=$ID
    unshare --pid --fork sleep 62 3>&- &
    stranger=$!
    ask scan
    kill "$(pgrep -P "$stranger")"
    [ "$status" = 1 ] || fail "exit" || return 1
    grep -q "^$(cut -c1-12 <<<"$judged")  *[0-9]* .* baseline  *allowed  *holds  *yes\$" <<<"$output" || fail "judged" || return 1
    grep -q "^$(cut -c1-12 <<<"$bad") .* baseline  *rejected  *holds  *no\$" <<<"$output" || fail "bad: $output" || return 1
    grep -q '^  host-path /mounts/7/source: ' <<<"$output" || fail "finding" || return 1
    grep -q '^- .* sleep .* unknown ' <<<"$output" || fail "stranger" || return 1
    ask scan --format json
    [ "$(jq -r 'select(.verdict == "rejected") | .id' <<<"$output")" = "$bad" ]
}

@test "verify: an id that is nobody's, or two containers'" {
    start "$SHIM" one
    start "$SHIM" two
    ask verify nobody
    [ "$status" = 2 ] && [[ $stderr == *"nobody: no such container is running"* ]] || fail "nobody" || return 1
    ask verify ""
    [ "$status" = 2 ] && [[ $stderr == *"more than one"* ]] || fail "two" || return 1
    ask verify --pid 1
    [ "$status" = 2 ] || fail "pid 1" || return 1
    ask verify --pid 1x
    [ "$status" = 2 ]
}

@test "verify: a bundle that is gone is said, not guessed" {
    start "$SHIM" gone
    mv "$BUNDLE/config.json" "$BUNDLE/elsewhere"
    ask verify "$ID"
    [ "$status" = 2 ] && [[ $output == *unknown*config.json* ]]
    mv "$BUNDLE/elsewhere" "$BUNDLE/config.json"
}

@test "verify: who is frozen is not waited for, and what cannot be read is said" {
    start "$SHIM" paused
    world runc pause "$ID"
    WORLD_TIME=10 ask verify --all
    world runc resume "$ID"
    [ "$status" = 0 ] && [[ $output == *holds*"does not stop"* ]] || fail "paused" || return 1
    ask verify "$ID"
    [ "$status" = 0 ] && [[ $output != *"does not stop"* ]]
}

@test "verify: a state that a container wrote is no runtime's" {
    local shm=/run/containerd/io.containerd.grpc.v1.cri/sandboxes/one/shm pid
    start runc forger '| .linux.maskedPaths = []'
    pid=$(world runc state "$ID" | jq .pid)
    mkdir -p "$WORLD$shm/000"
    cp "$BUNDLE/config.json" "$WORLD$shm/000/"
    jq '.linux.maskedPaths = ["/proc/keys"]' "$BUNDLE/config.json" >"$BUNDLE/edited"
    mv "$BUNDLE/edited" "$BUNDLE/config.json"
    echo "{\"init_process_pid\": $pid, \"config\": {\"labels\": [\"bundle=$shm/000\"]}}" >"$WORLD$shm/000/state.json"
    ask verify --pid "$pid"
    [ "$status" = 1 ] && [[ $output == *masked-paths* ]] || fail "believed" || return 1
    ask scan
    ! grep -q '^000' <<<"$output"
    # In a user's own directory it is a claim beside the true one, and the worse counts.
    mkdir -p "$WORLD/run/user/1000/runc"
    mv "$WORLD$shm/000" "$WORLD/run/user/1000/runc/"
    sed -i "s|$shm|/run/user/1000/runc|" "$WORLD/run/user/1000/runc/000/state.json"
    ask verify --pid "$pid"
    [ "$status" = 1 ] && grep -q '^000 ' <<<"$output" || fail "the claim" || return 1
    rm -r "$WORLD/run/user"
}

@test "scan: many strangers, few descriptors, and any name" {
    local i pids=()
    for i in {1..24}; do
        unshare --user sleep 30 3>&- &
        pids+=($!)
    done
    printf '#include <sys/prctl.h>\n#include <unistd.h>\nint main(){ prctl(PR_SET_NAME, "\\xff\\x1b\\"z"); sleep(30); }' |
        "${CC:-cc}" -o "$BATS_TEST_TMPDIR/name" -x c -
    unshare --user "$BATS_TEST_TMPDIR/name" 3>&- &
    pids+=($!)
    sleep 0.5
    run --separate-stderr world sh -c "ulimit -n 20; exec '$SEAWALL' scan --format json"
    kill "${pids[@]}"
    [ "$status" = 0 ] && [ "$(grep -c '"name":"sleep"' <<<"$output")" -ge 24 ] || fail "strangers" || return 1
    iconv -f utf-8 -t utf-8 <<<"$output" >/dev/null && jq -e . <<<"$output" >/dev/null || fail "json" || return 1
    run --separate-stderr world sh -c "ulimit -n 5; exec '$SEAWALL' scan"
    [ "$status" = 2 ] && [[ $stderr == *"Too many open files"* ]] || fail "five descriptors"
}
