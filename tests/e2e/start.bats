#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# "start" of what runc has created: verified by seawall-runtime itself, whatever becomes of hooks.

load hooks

setup_file()
{
    world_new start
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    LIAR=/run/lie/bin/runc
    policy
    mkdir -p "$WORLD/lib/docker/volumes/data/_data/more"
}

teardown()
{
    reap
}

# created NAME JQ-FILTER: $BUNDLE has become the container $ID, which waits for its start.
created()
{
    bundle "$1" "$2"
    create
}

create()
{
    new_id
    world "$SHIM" --log "$WORLD/run/log" --log-format json create --bundle "$BUNDLE" "$ID" \
        3>&- 9>&- </dev/null >"$WORLD/run/out" 2>"$WORLD/run/err" || fail "not created: $(cat "$WORLD/run/err")"
}

# start [WRAPPER...]: the container is started, by a wrapper of the shim.
start()
{
    run --separate-stderr world "$@" "$SHIM" --log "$WORLD/run/log" --log-format json start "$ID" 9>&- </dev/null
}

# Its program has said so, on the output that "create" was given.
spoke()
{
    wait_for stopped
    grep -qx alive "$WORLD/run/out"
}

# silent: nothing of it ran, and nothing of it is left to run.
silent()
{
    [ ! -s "$WORLD/run/out" ] || fail "its program ran" || return 1
    [ ! -e "$BUNDLE/rootfs/tmp/alive" ] || fail "its program wrote a file" || return 1
}

ended()
{
    wait_for stopped && silent
}

@test "start: runc: what was created is verified, without a hook" {
    created truth "$SPEAK"
    jq -e '.hooks.poststart | length == 0' "$BUNDLE/config.json" >/dev/null || fail "there is a hook" || return 1
    decided boundary create verdict tightened
    start
    [ "$status" = 0 ] || fail "not started" || return 1
    spoke || fail "did not run" || return 1
    [ "$(verified .verdict)" = allowed ] && [[ $(verified .runtime) == */runc ]] || fail "$(verified .)"
}

# Of several ABIs runc compiles the filter in any order, and each is another one.
@test "start: runc: an answer about a filter is remembered" {
    rm -rf "$WORLD/lib/seawall/filters"
    policy '{"version": 1, "seccomp": {"abi": "native"}}'
    created one "$SPEAK"
    start
    [ "$(find "$WORLD/lib/seawall/filters" -type f | wc -l)" = 1 ] || fail "not remembered" || return 1
    [ ! -e "$WORLD/points/local/bin/gone" ] || mv "$WORLD/points/local/bin/gone" "$WORLD/points/local/bin/seawall"
    mv "$WORLD/points/local/bin/seawall" "$WORLD/points/local/bin/gone"
    created two "$SPEAK"
    start
    [ "$status" = 0 ] || fail "asked again" || return 1
    rm -rf "$WORLD/lib/seawall/filters"
    created three "$SPEAK"
    start
    mv "$WORLD/points/local/bin/gone" "$WORLD/points/local/bin/seawall"
    said '^seawall: rejected: error: /usr/local/bin/seawall does not tell whether' || return 1
    silent && start && [ "$status" = 0 ] && spoke
}

# caught_at_start RULE: $BUNDLE is created, and its start refused for that reason.
caught_at_start()
{
    create || return 1
    start
    said "^seawall: rejected: " || return 1
    verified '.findings[] | select(.outcome == "rejected") | .rule' | grep -qx "$1" && ended ||
        fail "expected a finding of $1: $(verified '.findings')" || return 1
    cmp -s "$BUNDLE/config.json" "$WORLD/run/lie/good" || fail "the good config was not put back"
}

@test "start: runc: every lie is found out before the container's first instruction" {
    each_lie runc "$LIES$LIES_BEFORE" caught_at_start
}

# What engines show is the last line of that file.
@test "start: runc: the reason is in the runtime's log, too" {
    liar runc '.process.noNewPrivileges = false'
    created log "$SPEAK"
    start
    said '^seawall: rejected: no-new-privileges: '
    [[ $(tail -n 1 "$WORLD/run/log" | jq -r .msg) == "seawall: rejected: no-new-privileges: "* ]]
}

@test "start: runc: a runtime that leaves all hooks out is verified all the same" {
    liar runc '.process.noNewPrivileges = false'
    : >"$WORLD/run/lie/hookless"

    created hookless "$SPEAK"
    start
    said '^seawall: rejected: .*no-new-privileges'
    ended
}

# What its arguments are is not said by its name.
@test "start: runc: our own hook, as it came in, is left out" {
    created own "$SPEAK"' | .hooks.poststart = [{"path": "'"$HOOK"'", "args": ["seawall-hook", "refused", "x"]}]'
    jq -e '.hooks.poststart | length == 0' "$BUNDLE/config.json" >/dev/null || fail "it is there" || return 1
    start
    [ "$status" = 0 ] && spoke
}

@test "start: runc: children in the host's pid namespace are ended, too" {
    liar runc '.linux.namespaces |= map(select(.type != "pid"))'
    sabotaged pid
    create
    start
    said '^seawall: rejected: (.*; )?host-pid: '
    ended
}

@test "start: verify: report tells and starts; off does not look" {
    local verify
    for verify in report off; do
        liar runc '.process.noNewPrivileges = false'
        policy '{"version": 1, "runtimes": ["'$LIAR'"], "verify": "'$verify'"}'
        created "$verify" "$SPEAK"
        start
        [ "$status" = 0 ] && spoke || fail "$verify: not started" || return 1
        if [ "$verify" = report ]; then
            [[ $stderr == *"no-new-privileges"* ]] && [ "$(verified .verdict)" = rejected ] || fail "not told" || return 1
        else
            ! grep -q '"boundary":"poststart"' "$WORLD/log/seawall/decisions.jsonl" || fail "looked" || return 1
        fi
    done
}

@test "start: audit mode changes nothing, so nobody verifies" {
    liar runc '.process.noNewPrivileges = false'
    policy '{"version": 1, "runtimes": ["'$LIAR'"], "mode": "audit"}'
    created audit "$SPEAK | .process.noNewPrivileges = true"
    start
    [ "$status" = 0 ] && spoke || fail "not started" || return 1
    decided boundary create mode audit
    ! grep -q '"boundary":"poststart"' "$WORLD/log/seawall/decisions.jsonl"
}

# A policy that broke after "create" holds no start up, nor does it let a lie pass.
@test "start: a broken policy: the kernel is held against the config" {
    created broken "$SPEAK"
    policy '{"version": 1, "profil": 1}'
    start
    [ "$status" = 0 ] && spoke || fail "held up" || return 1
    liar runc '.linux.maskedPaths -= ["/proc/keys"]'
    created lie "$SPEAK"
    # the runtime is the built-in list's now, and its state the same
    policy '{"version": 1, "profil": 1}'
    start
    said '^seawall: rejected: masked-paths: ' && ended
}

@test "start: a policy that forbids by now what it allowed" {
    created stricter "$SPEAK"
    policy '{"version": 1, "profile": "restricted"}'
    start
    [ "$status" = 1 ] && [[ $stderr == "seawall: rejected: "* ]] || fail "let go" || return 1
    ended
}

@test "start: who has a policy of his own: a source exchanged for a link since create" {
    mkdir -p "$WORLD/lib/docker/volumes/data/_data/there"
    policy '{"version": 1, "rules": {"host-path": {"allow": ["/var/lib/docker/volumes/data"]}}}'
    created exchanged "$SPEAK"' | .mounts += [{"destination": "/data", "type": "bind",
        "source": "/var/lib/docker/volumes/data/_data/there", "options": ["rbind", "ro"]}]'
    mv "$WORLD/lib/docker/volumes/data/_data/there" "$WORLD/lib/docker/volumes/data/_data/was"
    ln -s /etc "$WORLD/lib/docker/volumes/data/_data/there"
    start
    [ "$status" = 1 ] && [[ $stderr == "seawall: rejected: "*host-path* ]] || fail "let go" || return 1
    ended
}

# The second's file system is another than its container's, as far as it can see: it is no less started.
@test "start: a program that runs already is neither ended nor started again" {
    local filter at=0
    for filter in '.process.args = ["sleep", "100"]' '.process.args = ["/bin/busybox", "chroot", "/jail", "/bin/busybox",
        "sleep", "100"] | .mounts += [{"destination": "/jail/proc", "type": "tmpfs", "source": "tmpfs",
        "options": ["nosuid", "nodev", "noexec", "ro"]}]'; do
        at=$((at + 1))
        bundle "running$at" "$filter"
        mkdir -p "$BUNDLE"/rootfs/jail/{bin,proc}
        cp "$BUNDLE/rootfs/bin/busybox" "$BUNDLE/rootfs/jail/bin/"
        create
        start
        [ "$status" = 0 ] || fail "not started" || return 1
        wait_for running
        sleep 0.3
        start
        said "^seawall: rejected: error: container $ID: its program runs already" || return 1
        [ "$(world runc state "$ID" | jq -r .status)" = running ] || fail "it was ended" || return 1
    done
}

# Created while the runtime was called runc, nothing else would verify it.
@test "start: a runtime that was called runc and is no more" {
    liar runc '.process.noNewPrivileges = false'
    created renamed "$SPEAK"
    mkdir -p "$WORLD/run/named"
    cp "$(command -v runc)" "$WORLD/run/named/oci-runc"
    policy '{"version": 1, "runtimes": ["/run/named/oci-runc"]}'
    start
    said '^seawall: rejected: .*no-new-privileges: ' && ended || return 1
    policy '{"version": 1, "runtimes": ["/run/named/oci-runc"]}'
    created hooked "$SPEAK"
    jq -e '.hooks.poststart | length == 1' "$BUNDLE/config.json" >/dev/null || fail "no hook" || return 1
    start
    [ "$status" = 0 ] && spoke || fail "not started" || return 1
    [ "$(grep -c '"boundary":"poststart"' "$WORLD/log/seawall/decisions.jsonl")" = 1 ] || fail "verified twice"
}

@test "start: masks of what is not there, beside one that is" {
    bundle masks "$SPEAK"' | .linux.maskedPaths += ["/gone/a", "/secret", "/gone/b"]'
    mkdir "$BUNDLE/rootfs/secret"
    create
    start
    [ "$status" = 0 ] && spoke || fail "not started"
}

@test "start: whoever ignores or blocks signals" {
    local how
    for how in --ignore-signal=CHLD --block-signal=CHLD --ignore-signal=ALRM --block-signal=ALRM; do
        rm -rf "$WORLD/lib/seawall/filters"
        created "signals$how" "$SPEAK"
        start env "$how"
        [ "$status" = 0 ] && spoke || fail "$how" || return 1
    done
}

# runc takes root of a user namespace who says that he is root for the host's, and looks elsewhere.
@test "start: in a user namespace the state is where runc has it" {
    local vars
    bundle space "$SPEAK"' | del(.process.capabilities)
        | .mounts |= map(if .destination == "/dev/pts" then .options -= ["gid=5"] else . end)'
    chmod -R a+rX "$BATS_RUN_TMPDIR"
    for vars in XDG_RUNTIME_DIR= "XDG_RUNTIME_DIR=/run/x USER=root" "XDG_RUNTIME_DIR=/run/x USER=bob" XDG_RUNTIME_DIR=/run/x; do
        run timeout 40 unshare -Urm sh -c 'mount -t tmpfs tmpfs /run && mkdir /run/x &&
            env -i PATH="$PATH" $1 "$2" create --bundle "$3" c1 </dev/null >/run/out 2>&1 &&
            env -i PATH="$PATH" $1 "$2" start c1 && sleep 0.3 && cat /run/out' sh "$vars" "$SHIM" "$BUNDLE" 3>&-
        [ "$status" = 0 ] && [[ $output == *alive* ]] || fail "$vars" || return 1
    done
}

@test "start: who ended before the start" {
    created gone "$SPEAK"
    kill -9 "$(world runc state "$ID" | jq .pid)"
    wait_for stopped
    start
    [ "$status" = 1 ] && [[ $stderr == "seawall: rejected: error: process "*ended* ]] || fail "said" || return 1
    world "$SHIM" delete "$ID"
}

@test "start: a container that nobody knows is runc's to refuse" {
    new_id
    start
    [ "$status" = 1 ] && [[ $stderr == *"does not exist"* ]] || fail "said" || return 1
    XDG_RUNTIME_DIR=/run/elsewhere run --separate-stderr world "$SHIM" start "$ID"
    [ "$status" = 1 ] && [[ $stderr == *"does not exist"* ]] || fail "said"
}

@test "start: the state's process is the one, not a later one with its number" {
    created number "$SPEAK"
    jq '.init_process_start += 1' "$WORLD/run/runc/$ID/state.json" >"$WORLD/run/state"
    cp "$WORLD/run/state" "$WORLD/run/runc/$ID/state.json"
    start
    said '^seawall: rejected: error: process [0-9]* has ended' && silent
}

@test "start: a state that makes no sense" {
    local state
    created sense "$SPEAK"
    cp "$WORLD/run/runc/$ID/state.json" "$WORLD/run/state"
    for state in '{}' '[]' 'null' '"x"' '{"config": {"labels": [null, 1, {}]}}' '{"config": 1}' \
        '{"init_process_pid": 1, "config": {"labels": ["bundle='"$BUNDLE"'"]}}' \
        '{"init_process_pid": -5, "config": {"labels": ["bundle='"$BUNDLE"'"]}}' \
        '{"init_process_pid": "7", "config": {"labels": ["bundle='"$BUNDLE"'"]}}' \
        '{"config": {"labels": ["bundle='"$BUNDLE"'"]}}' \
        '{"init_process_pid": 2, "init_process_pid": 3, "config": {"labels": ["bundle='"$BUNDLE"'"]}}' '{' ''; do
        printf %s "$state" >"$WORLD/run/runc/$ID/state.json"
        start
        said '^seawall: rejected: error: ' && silent || fail "state: $state" || return 1
    done
    cp "$WORLD/run/state" "$WORLD/run/runc/$ID/state.json"
    start
    [ "$status" = 0 ] && spoke
}

@test "start: crun by the name of runc is not taken for it" {
    mkdir -p "$WORLD/run/named"
    cp "$(command -v crun)" "$WORLD/run/named/runc"
    policy '{"version": 1, "runtimes": ["/run/named/runc"]}'
    export WORLD_CGROUP=v1
    RUNTIME=crun
    created named "$SPEAK"
    start
    said "^seawall: rejected: error: /run/named/runc: is called runc, and its containers are crun's" && silent
}

# A link is what it leads to.
@test "start: links named runc" {
    mkdir -p "$WORLD/run/named"
    ln -sf "$(command -v crun)" "$WORLD/run/named/runc"
    policy '{"version": 1, "runtimes": ["/run/named/runc"]}'
    export WORLD_CGROUP=v1
    RUNTIME=crun
    created to-crun "$SPEAK"
    jq -e '.hooks.poststart | length == 1' "$BUNDLE/config.json" >/dev/null || fail "no hook" || return 1
    start
    [ "$status" = 0 ] && spoke || fail "not started" || return 1
    [ "$(verified .verdict)" = allowed ] || return 1
    RUNTIME=runc
    ln -sf "$(command -v runc)" "$WORLD/run/named/runc"
    created to-runc "$SPEAK"
    jq -e '.hooks.poststart | length == 0' "$BUNDLE/config.json" >/dev/null || fail "a hook"
}

@test "start: the command line is read as strictly as create's" {
    created words "$SPEAK"
    local words
    for words in "start" "start $ID $ID" "start --detach $ID" "--log /run/a --log /run/b start $ID" "start ../$ID"; do
        # shellcheck disable=SC2086
        run --separate-stderr world "$SHIM" $words
        said '^seawall: rejected: (command-line|error): ' || fail "$words" || return 1
    done
    silent
}

@test "start: who is frozen cannot be verified" {
    created frozen "$SPEAK"
    world "$SHIM" pause "$ID"
    start
    world runc resume "$ID"
    said '^seawall: rejected: error: process [0-9]* does not stop' && silent || return 1
    start
    [ "$status" = 0 ] && spoke || fail "it was not left as it was"
}

# A file system that the container mounts may not answer; here it is a call that takes its time.
@test "start: what hangs ends in a refusal, or in a start if nothing may be refused" {
    local slow="strace -qq -o /dev/null --inject=wait4:delay_enter=6000000:when=1"
    created hang "$SPEAK"
    # shellcheck disable=SC2086
    run --separate-stderr world $slow "$SHIM" start "$ID" </dev/null
    said '^seawall: rejected: error: seawall-runtime took too long$' && silent || return 1
    policy '{"version": 1, "verify": "report"}'
    # shellcheck disable=SC2086
    run --separate-stderr world $slow "$SHIM" start "$ID" </dev/null
    [ "$status" = 0 ] && [[ $stderr == *"took too long"* ]] && spoke
}
