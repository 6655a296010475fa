#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# What cannot be understood is refused: one clear line that says where and what, exit 1, the files as they
# were, and no runtime is even called.

load lib

setup_file()
{
    world_new badinput
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    printf '#!/bin/sh\necho "$@" >>/run/called\n' >"$WORLD/run/tattle"
    chmod 755 "$WORLD/run/tattle"
    rm -f "$WORLD/run/called"
    POLICY='{"version": 1, "runtimes": ["/run/tattle"]}'
    policy "$POLICY"
    bundle bad
}

teardown()
{
    reap
}

fingerprint()
{
    find "$BUNDLE" -maxdepth 1 -printf '%f %y %m %s %T@\n' | sort
    [ ! -f "$BUNDLE/config.json" ] || sha256sum <"$BUNDLE/config.json"
}

# bad REGEX [BUNDLE]: create ends as said above, with a line that matches.
bad()
{
    local before
    before=$(fingerprint)
    run --separate-stderr world "$SHIM" create --bundle "${2:-$BUNDLE}" e2e-bad
    said "^seawall: .*$1" || return 1
    [ ! -e "$WORLD/run/called" ] || fail "the runtime was called" || return 1
    [ "$before" = "$(fingerprint)" ] || fail "the bundle was changed: $(fingerprint)"
}

# The same file, asked of the operator's program: exit 2, or 1 where the answer is that it is not allowed.
checked()
{
    run --separate-stderr world "$SEAWALL" check "$BUNDLE/config.json"
    [ "$status" = 2 ] || [ "$status" = 1 ] || fail "seawall check: expected exit 1 or 2" || return 1
    grep -Eq "$1" <<<"$output$stderr" || fail "seawall check: expected: $1"
}

# The bytes of config.json come from stdin.
given()
{
    cat >"$BUNDLE/config.json"
}

@test "bad input: the runtime that tells is called for a good bundle" {
    run --separate-stderr world "$SHIM" create --bundle "$BUNDLE" e2e-bad
    [ "$status" = 0 ]
    grep -q '^create --bundle=.* -- e2e-bad$' "$WORLD/run/called"
}

@test "bad input: config.json is missing" {
    rm "$BUNDLE/config.json"
    bad 'config\.json: cannot be opened'
    checked 'config\.json'
    [ "$status" = 2 ]
}

@test "bad input: config.json is a directory, a symbolic link, a pipe" {
    mv "$BUNDLE/config.json" "$BUNDLE/elsewhere"
    mkdir "$BUNDLE/config.json"
    bad 'config\.json: not a regular file'
    rmdir "$BUNDLE/config.json"
    ln -s elsewhere "$BUNDLE/config.json"
    bad 'config\.json: .*(symbolic link|cannot be opened)'
    rm "$BUNDLE/config.json"
    mkfifo "$BUNDLE/config.json"
    bad 'config\.json: not a regular file'
}

@test "bad input: config.json of another owner, or writable by others" {
    chown 1234 "$BUNDLE/config.json"
    bad 'config\.json: wrong owner \(found uid 1234, expected 0\)'
    chown 0 "$BUNDLE/config.json"
    chmod 666 "$BUNDLE/config.json"
    bad 'config\.json: writable by others'
}

@test "bad input: config.json is over 16 MiB" {
    head -c $((16 * 1024 * 1024 + 1)) /dev/zero | tr '\0' ' ' >>"$BUNDLE/config.json"
    bad 'config\.json: too large'
    checked 'too large'
    [ "$status" = 2 ]
}

@test "bad input: config.json is empty, white, or not an object" {
    given </dev/null
    bad 'config\.json'
    checked 'config\.json'
    given <<<'   '
    bad 'config\.json'
    given <<<'[]'
    bad 'config\.json'
    given <<<'null'
    bad 'config\.json'
    given <<<'"text"'
    bad 'config\.json'
}

@test "bad input: config.json is cut off anywhere" {
    local size part
    size=$(stat -c %s "$BUNDLE/config.json")
    cp "$BUNDLE/config.json" "$BATS_TEST_TMPDIR/good"
    for part in 1 2 50 $((size / 3)) $((size / 2)) $((size - 3)); do
        head -c "$part" "$BATS_TEST_TMPDIR/good" | given
        bad 'config\.json' || fail "after $part bytes" || return 1
    done
    checked 'config\.json:[0-9]+:[0-9]+'
    [ "$status" = 2 ]
}

@test "bad input: config.json is nested too deeply" {
    local depth
    for depth in 100 100000; do
        {
            printf '{"deep": '
            head -c "$depth" /dev/zero | tr '\0' '['
            head -c "$depth" /dev/zero | tr '\0' ']'
            printf '}\n'
        } | given
        bad 'config\.json.*(deep|nest)' || return 1
    done
}

@test "bad input: config.json is not UTF-8" {
    local bytes
    for bytes in '\xff' '\xc0\xaf' '\xed\xa0\x80' '\xf4\x90\x80\x80' '\xe2\x82'; do
        # shellcheck disable=SC2059
        jq -c '.hostname = "XX"' "$BUNDLE/config.json" | sed "s/XX/$(printf "$bytes")/" >"$BATS_TEST_TMPDIR/bytes"
        given <"$BATS_TEST_TMPDIR/bytes"
        bad 'config\.json.*UTF-8' || fail "$bytes" || return 1
        bundle bad
    done
    sed 's/"runc"/"\\ud800"/' "$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/bytes"
    given <"$BATS_TEST_TMPDIR/bytes"
    bad 'config\.json'
    printf '\xef\xbb\xbf' | cat - <(bundle bad && cat "$BUNDLE/config.json") >"$BATS_TEST_TMPDIR/bytes"
    given <"$BATS_TEST_TMPDIR/bytes"
    bad 'config\.json'
}

# What Go and C parsers read differently: whoever guesses is wrong about one of them.
@test "bad input: config.json is ambiguous" {
    local edit
    for edit in \
        's/"ociVersion"/"root": {"path": "other"}, "ociVersion"/' \
        's/"ociVersion"/"Root": {"path": "other"}, "ociVersion"/' \
        's/"ociVersion"/"PROCESS": {"noNewPrivileges": false}, "ociVersion"/' \
        's/"ociVersion"/"proce\xc5\xbfs": {}, "ociVersion"/' \
        's/"ociVersion"/"h\\u006fstname": "x", "ociVersion"/' \
        's/"ociVersion"/"a": 1, "a": 2, "ociVersion"/' \
        's/"terminal": false/"terminal": "false"/' \
        's/"uid": 0/"uid": 0.0/' \
        's/"uid": 0/"uid": 1e3/' \
        's/"uid": 0/"uid": -1/' \
        's/"uid": 0/"uid": 01/' \
        's/"hostname": "runc"/"hostname": "ru\\u0000nc"/' \
        's/"ociVersion"/\/* comment *\/ "ociVersion"/' \
        '$s/$/ {"process": {}}/' \
        '$s/$/ trailing/' \
        "s/\"hostname\": \"runc\"/'hostname': 'runc'/"; do
        LC_ALL=C sed "$edit" "$BUNDLE/config.json" >"$BATS_TEST_TMPDIR/ambiguous"
        ! cmp -s "$BATS_TEST_TMPDIR/ambiguous" "$BUNDLE/config.json" || fail "no effect: $edit" || return 1
        given <"$BATS_TEST_TMPDIR/ambiguous"
        bad 'config\.json|/' || fail "$edit" || return 1
        bundle bad
    done
    printf '\0' >>"$BUNDLE/config.json"
    bad 'config\.json'
}

@test "bad input: the bundle is missing, a file, or not to be trusted" {
    bad 'bundle .*/nowhere: cannot be opened' "$BATS_TEST_TMPDIR/nowhere"
    bad 'bundle .*config\.json: cannot be opened' "$BUNDLE/config.json"
    chmod 777 "$BUNDLE"
    bad 'bundle .*: writable by others'
    chmod 755 "$BUNDLE"
    chown 1234 "$BUNDLE"
    bad 'bundle .*: wrong owner \(found uid 1234, expected 0\)'
}

@test "bad input: the command line" {
    local before line
    before=$(fingerprint)
    while IFS='|' read -r line regex; do
        # shellcheck disable=SC2086
        run --separate-stderr world "$SHIM" ${line//BUNDLE/$BUNDLE}
        said "^seawall: rejected: command-line: .*$regex" || fail "$line" || return 1
        [ ! -e "$WORLD/run/called" ] || fail "$line: the runtime was called" || return 1
    done <<'LINES'
create --bundle BUNDLE --bundle /other e2e-bad|bundle
create --bundle BUNDLE -b /other e2e-bad|bundle
create -bundle BUNDLE e2e-bad|bundle
create --bun BUNDLE e2e-bad|bun
create -f /other/config.json e2e-bad|--config
create --config /other/config.json e2e-bad|config
create --bundle BUNDLE|id
create --bundle BUNDLE e2e-bad another|another
create --bundle BUNDLE ../e2e-bad|e2e-bad
run --bundle BUNDLE --unheard-of e2e-bad|unheard-of
exec e2e-bad|command
exec --cap CAP_SYS_ADMIN|id
exec --cap CAP_SYS_ADMIN e2e-bad|command
init|init
LINES
    [ "$before" = "$(fingerprint)" ] || fail "the bundle was changed"
}

# policy_bad JSON REGEX: the shim starts nothing, and policy check says the same.
policy_bad()
{
    policy "$1"
    bad "/etc/seawall/policy\.json.*$2" || fail "$1" || return 1
    run --separate-stderr world "$SEAWALL" policy check /etc/seawall/policy.json
    [ "$status" = 2 ] || [ "$status" = 1 ] || fail "policy check: expected exit 1 or 2: $1" || return 1
    grep -Eq "policy\.json.*$2" <<<"$output$stderr" || fail "policy check: expected: $2"
}

@test "bad input: the policy" {
    policy_bad '{"version": 1, "profil": "baseline"}' ':1:[0-9]+: .*"profil".*profile'
    policy_bad '{"version": 1, "profile": 7}' ':1:[0-9]+: .*profile'
    policy_bad '{"version": 2}' ':1:[0-9]+: .*version'
    policy_bad '{"version": 1, "mode": "enforced"}' ':1:[0-9]+: .*enforced'
    policy_bad '{"version": 1, "rules": {"host-pth": "off"}}' ':1:[0-9]+: .*host-pth.*host-path'
    policy_bad '{"version": 1, "rules": {"host-path": "of"}}' ':1:[0-9]+: .*of'
    policy_bad '{"version": 1, "runtimes": "runc"}' ':1:[0-9]+: .*runtimes'
    policy_bad '{"version": 1, "runtimes": ["runc"]}' ':1:[0-9]+: .*absolute'
    policy_bad '{"version": 1' ':2:1: '
    policy_bad '' ':2:1: '
    policy_bad '{"version": 1, "version": 1}' ':1:[0-9]+: .*version'
    policy_bad '{"version": 1, "exemptions": [{"id": "x", "rules": ["*"], "match": {}, "reason": "r", "owner": "o", "expires": "never"}]}' ':1:[0-9]+'
    policy_bad '{"version": 1, "exemptions": [{"id": "x", "rules": ["host-pid"], "match": {}, "reason": "r", "owner": "o", "expires": "2027-02-30"}]}' ':1:[0-9]+: .*2027-02-30.*date'
    policy_bad '{"version": 1, "exemptions": [{"id": "x", "rules": ["host-pid"], "match": {}, "owner": "o", "expires": "never"}]}' ':1:[0-9]+: .*reason'
}

# A profile may come from any file below policy.d, so no single one is to blame.
@test "bad input: the policy's profile is unknown" {
    policy '{"version": 1, "profile": "basline"}'
    bad 'policy: unknown profile "basline" \(expected privileged, baseline, restricted'
    run --separate-stderr world "$SEAWALL" policy check
    [ "$status" = 2 ] || [ "$status" = 1 ]
    [[ $stderr$output == *basline* ]]
}

@test "bad input: the policy's owner and mode" {
    policy "$POLICY"
    chown 1234 "$WORLD/etc/seawall/policy.json"
    bad '/etc/seawall/policy\.json: wrong owner \(found uid 1234, expected 0\)'
    chown 0 "$WORLD/etc/seawall/policy.json"
    chmod 664 "$WORLD/etc/seawall/policy.json"
    bad '/etc/seawall/policy\.json: writable by others'
    chmod 644 "$WORLD/etc/seawall/policy.json"
    chmod 777 "$WORLD/etc/seawall"
    bad '/etc/seawall: writable by others'
    chmod 755 "$WORLD/etc/seawall"
    mkdir "$WORLD/etc/seawall/policy.d"
    echo '{"unheard-of": 1}' >"$WORLD/etc/seawall/policy.d/50-site.json"
    bad '/etc/seawall/policy\.d/50-site\.json:1:[0-9]+: .*unheard-of'
    echo '{"mode": "enforce"}' >"$WORLD/etc/seawall/policy.d/50-site.json"
    chmod 666 "$WORLD/etc/seawall/policy.d/50-site.json"
    bad '/etc/seawall/policy\.d/50-site\.json: writable by others'
}

# linked COMMAND...: in a world whose /etc/seawall is a link to /run/linked.
linked()
{
    world sh -c 'mkdir -p /run/layer && ln -sfn /run/linked /run/layer/seawall &&
        mount -t overlay -o lowerdir=/run/layer:/etc overlay /etc && exec "$@"' linked "$@"
}

@test "bad input: the policy's directory is a link" {
    mkdir -p "$WORLD/run/linked/policy.d"
    echo '{"version": 1, "profile": "restricted"}' >"$WORLD/run/linked/policy.json"
    echo '{"mode": "audit"}' >"$WORLD/run/linked/policy.d/50-site.json"
    run --separate-stderr linked "$SEAWALL" policy show
    [ "$status" = 0 ] || fail "exit" || return 1
    grep -q '^profile  *restricted' <<<"$output" && grep -q '^mode  *audit' <<<"$output" || fail "not read" || return 1
    chmod 777 "$WORLD/run/linked"
    run --separate-stderr linked "$SEAWALL" policy show
    [ "$status" = 2 ] && [[ $stderr == *"/etc/seawall: writable by others"* ]] || fail "writable" || return 1
    rm -r "$WORLD/run/linked"
    run --separate-stderr linked "$SEAWALL" policy show
    [ "$status" = 2 ] && [[ $stderr == *"/etc/seawall: cannot be opened"* ]] || fail "dangling"
}

@test "bad input: a broken policy does not keep engines from cleaning up" {
    local verb
    policy '{"profil": 1}'
    for verb in "state x" "kill x 9" "delete --force x" "start x" "list" "--version" "features"; do
        rm -f "$WORLD/run/called"
        # shellcheck disable=SC2086
        run world "$SHIM" $verb
        [[ $stderr$output != *"seawall: rejected"* ]] || fail "$verb was refused" || return 1
    done
}

@test "bad input: the runtime" {
    policy '{"version": 1, "runtimes": ["/run/no-such-runtime"]}'
    bad 'no runtime is installed \(looked for /run/no-such-runtime\)'
    cp "$SHIM" "$WORLD/run/copy"
    ln -f "$SHIM" "$E2E/bin/again"
    policy "{\"version\": 1, \"runtimes\": [\"$E2E/bin/again\"]}"
    bad "runtime $E2E/bin/again: is seawall itself"
    policy "{\"version\": 1, \"runtimes\": [\"$E2E/bin/seawall-runtime.restricted\"]}"
    bad 'runtime .*seawall-runtime\.restricted: is seawall itself'
    policy '{"version": 1, "runtimes": ["/run/copy"]}'
    run --separate-stderr world "$SHIM" create --bundle "$BUNDLE" e2e-bad
    [ "$status" != 0 ] || fail "a copy of seawall was taken for a runtime"
    policy "$POLICY"
    chmod 777 "$WORLD/run/tattle"
    bad 'runtime /run/tattle: writable by others'
    chmod 644 "$WORLD/run/tattle"
    bad 'runtime /run/tattle: is no program'
    chmod 755 "$WORLD/run/tattle"
    chown 1234 "$WORLD/run/tattle"
    bad 'runtime /run/tattle: wrong owner'
    rm "$WORLD/run/tattle"
}

@test "bad input: process.json and resources" {
    policy '{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc"]}'
    bundle victim '.process.args = ["sleep", "60"]'
    new_id
    world "$SHIM" run --detach --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 </dev/null
    policy "$POLICY"
    local text
    for text in '' '{' '{"args": ["true"]} {}' '{"args": ["true"], "args": ["false"]}' '{"process": {"args": ["true"]}}' \
        '{"args": "true", "cwd": "/"}' '{"Args": ["true"], "cwd": "/"}'; do
        printf '%s' "$text" >"$BATS_TEST_TMPDIR/process.json"
        run --separate-stderr world "$SHIM" exec --process "$BATS_TEST_TMPDIR/process.json" "$ID"
        said '^seawall: .*(process\.json|: /[A-Za-z]+: )' || fail "$text" || return 1
        [ ! -e "$WORLD/run/called" ] || fail "the runtime was called: $text" || return 1
    done
    run --separate-stderr world "$SHIM" exec --process /run/no-such-file "$ID"
    said '^seawall: .*/run/no-such-file: cannot be opened'
    run --separate-stderr world "$SHIM" exec --process "$BATS_TEST_TMPDIR/process.json" e2e-unknown
    said '^seawall: .*e2e-unknown'
    run --separate-stderr world "$SHIM" update --resources - "$ID" <<<'{"pids": {"limit": "none"}}'
    said '^seawall: .*pids'
    [ ! -e "$WORLD/run/called" ] || fail "the runtime was called"
}

@test "bad input: a policy that is a link to nowhere" {
    ln -s nowhere "$WORLD/etc/seawall/policy.d"
    bad '/etc/seawall/policy\.d: cannot be opened'
    rm "$WORLD/etc/seawall/policy.d" "$WORLD/etc/seawall/policy.json"
    ln -s nowhere "$WORLD/etc/seawall/policy.json"
    bad '/etc/seawall/policy\.json: cannot be opened'
    rm "$WORLD/etc/seawall/policy.json"
}
