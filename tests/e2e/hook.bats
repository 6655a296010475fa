#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# seawall-hook itself: its stages, and what it does with input that makes no sense.

load hooks

setup_file()
{
    world_new hook
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    policy '{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc"]}'
}

teardown()
{
    reap
}

# hook STAGE: with what comes on stdin.
hook()
{
    run --separate-stderr world "$HOOK" "$@"
}

# state PID [BUNDLE]: what a runtime tells.
state()
{
    printf '{"ociVersion": "1.0.2", "id": "x", "status": "created", "pid": %s, "bundle": "%s"}' "$1" \
        "${2:-$BUNDLE}"
}

STAGES="prestart createRuntime poststart"

# Nobody reads what it says, and it has something to end: that comes first.
@test "hook: what takes too long is ended although stderr is full" {
    local victim hook
    sleep 60 3>&- &
    victim=$!
    mkfifo "$BATS_TEST_TMPDIR/full"
    exec 7<>"$BATS_TEST_TMPDIR/full"
    timeout 1 dd if=/dev/zero bs=4096 >&7 2>/dev/null || true
    echo "{\"id\": \"x\", \"pid\": $victim, \"status\": \"created\", \"bundle\": \"/run\"}" >"$WORLD/run/late"
    world strace -qq -o /dev/null --inject=lstat:delay_enter=5500000:when=1 "$HOOK" poststart \
        <"$WORLD/run/late" 2>&7 3>&- &
    hook=$!
    sleep 7.5
    ! kill -0 "$victim" 2>/dev/null || [ "$(cut -d' ' -f3 "/proc/$victim/stat")" = Z ] || fail "it lives on" || return 1
    exec 7>&-
    kill -9 "$hook" "$victim" 2>/dev/null || true
}

@test "hook: without a stage, or with another" {
    local args
    for args in "" "create" "poststart again" "--help"; do
        # shellcheck disable=SC2086
        hook $args </dev/null
        said '^seawall-hook: expected one argument: precreate, prestart, createRuntime or poststart' ||
            fail "$args" || return 1
    done
}

@test "hook: state that is broken is an error that says so" {
    local stage text
    bundle broken
    for stage in $STAGES; do
        for text in '' '{' 'null' '[]' '{}' '"x"' '{"pid": 0}' '{"pid": 1}' '{"pid": -5}' '{"pid": "7"}' \
            '{"pid": 99999999999}' '{"pid": 4, "pid": 5}' "$(state 4 | sed 's/}$/} {}/')"; do
            hook "$stage" <<<"$text"
            said '^seawall: rejected: error: (stdin|state on stdin)' || fail "$stage: $text" || return 1
        done
    done
}

# Closed to the end: after the start, the process that cannot be judged is ended.
@test "hook: no bundle" {
    local stage pid state
    for stage in $STAGES; do
        for state in '{"pid": PID}' '{"pid": PID, "bundle": 5}' '{"pid": PID, "bundle": "/no/such/bundle"}' \
            '{"pid": PID, "bundle": "/etc"}'; do
            sleep 30 3>&- &
            pid=$!
            hook "$stage" <<<"${state/PID/$pid}"
            said '^seawall: rejected: error: (state on stdin: names no bundle|bundle /)' ||
                fail "$stage: $state" || return 1
            if [ "$stage" = poststart ]; then
                ! kill -0 "$pid" 2>/dev/null || wait "$pid" || [ $? = 137 ] || fail "it was let live"
            else
                kill "$pid"
            fi
        done
    done
}

@test "hook: a process that has vanished" {
    local stage
    bundle vanished
    for stage in $STAGES; do
        hook "$stage" <<<"$(state 1073741823)"
        said '^seawall: rejected: error: state on stdin: process 1073741823' || fail "$stage" || return 1
    done
}

@test "hook: 5 MB and 17 MB of stdin" {
    local stage size
    for size in 5 17; do
        for stage in precreate $STAGES; do
            head -c ${size}M /dev/zero | tr '\0' 'x' >"$BATS_TEST_TMPDIR/large"
            hook "$stage" <"$BATS_TEST_TMPDIR/large"
            said '^seawall: rejected: ' || fail "$stage" || return 1
            [ "${#stderr}" -lt 600 ] || fail "$stage: all of it is said again" || return 1
        done
    done
}

@test "hook: 5 MB of a config are read and hardened" {
    bundle large '.annotations = {"note": ("x" * 5000000)}'
    hook precreate <"$BUNDLE/config.json"
    [ "$status" = 0 ] && [ "$(jq .process.noNewPrivileges <<<"$output")" = true ]
}

@test "hook: stdin is closed" {
    local stage
    for stage in precreate $STAGES; do
        hook "$stage" <&-
        said '^seawall: rejected: ' || fail "$stage" || return 1
    done
}

@test "hook: stdin that nobody closes ends within its limit" {
    local stage before
    for stage in precreate poststart; do
        before=$SECONDS
        run --separate-stderr world sh -c "{ printf '{'; sleep 20; } | { $HOOK $stage; echo \$? >/run/status; kill -KILL 0; }"
        [ "$(cat "$WORLD/run/status")" = 1 ] || fail "$stage: exit" || return 1
        [ $((SECONDS - before)) -lt 8 ] || fail "$stage: $((SECONDS - before)) s" || return 1
        [[ $stderr == *"seawall-hook took too long"* ]] || fail "$stage" || return 1
    done
}

@test "hook: SIGALRM that is blocked and ignored makes no difference" {
    run --separate-stderr world python3 -c '
import signal, subprocess, sys, time
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
before = time.monotonic()
hook = subprocess.Popen([sys.argv[1], "poststart"], stdin=subprocess.PIPE, restore_signals=False)
print(hook.wait(10), time.monotonic() - before < 8)
' "$HOOK"
    [ "$output" = "1 True" ]
}

# A veto: what would have been tightened is refused. The reason is in the runtime's own words.
@test "hook: createRuntime refuses what nobody hardened, and lets pass what somebody did" {
    local stage
    for stage in prestart createRuntime; do
        bundle "veto-$stage" ".process.args = [\"echo\", \"alive\"] | .hooks.$stage = [{\"path\": \"$HOOK\",
            \"args\": [\"seawall-hook\", \"$stage\"], \"env\": [\"PATH=/bin\"]}]"
        new_id
        run --separate-stderr world runc run --bundle "$BUNDLE" "$ID"
        [ "$status" = 1 ] && [ -z "$output" ] || fail "$stage: started" || return 1
        [[ $stderr == *"seawall: rejected: no-new-privileges: /process/noNewPrivileges"* ]] || fail "$stage" || return 1
        world "$SEAWALL" apply --in-place "$BUNDLE"
        new_id
        run --separate-stderr world runc run --bundle "$BUNDLE" "$ID"
        [ "$output" = alive ] || fail "$stage: hardened" || return 1
    done
}

# The mounts that stand at this stage are those the runtime made, whatever config.json says.
@test "hook: createRuntime sees what is mounted" {
    liar runc '(.mounts[] | select(.destination == "/data")).source = "/etc"'
    mkdir -p "$WORLD/lib/docker/volumes/data/_data"
    bundle made "$SPEAK"' | .mounts += [{"destination": "/data", "type": "bind",
        "source": "/var/lib/docker/volumes/data/_data", "options": ["rbind", "ro", "nosuid", "nodev"]}]
        | .hooks.createRuntime = [{"path": $hook, "args": ["seawall-hook", "createRuntime"], "env": ["PATH=/bin"]}]' \
        --arg hook "$HOOK"
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
    [ "$status" = 1 ] && [[ $output != *alive* ]] || fail "let go" || return 1
    decided boundary createRuntime verdict rejected
    decision '.findings[] | select(.outcome == "rejected") | .rule' | grep -qx host-path
}

@test "hook: one that came in under its name is replaced, and stays last" {
    bundle named "$SPEAK | .hooks.poststart = [{\"path\": \"$HOOK\", \"args\": [\"seawall-hook\", \"refused\", \"x\"]}]"
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID"
    [ "$output" = alive ] || fail "not started" || return 1
    [ "$(jq -c '[.hooks.poststart[].args]' "$BUNDLE/config.json")" = '[["seawall-hook","poststart"]]' ]
    [ "$(verified .verdict)" = allowed ]
}

@test "hook: a config that tries to put another after it is refused" {
    local args
    for args in '{"path": "/bin/true", "args": ["true"]}' '{"path": "/usr/local/libexec/seawall/../../../bin/true"}'; do
        bundle displaced "$SPEAK | .hooks.poststart = [$args]"
        rejected hooks || fail "$args" || return 1
    done
}
