# shellcheck shell=bash disable=SC2034,SC2154 # for those who load this; set by bats
# SPDX-License-Identifier: Apache-2.0
# Software that is started behind seawall with its built-in policy, as it comes.

BATS_TEST_DIRNAME=$BATS_TEST_DIRNAME/../e2e
load ../e2e/lib

# works USER PROGRAM [ARGUMENT...]: above the root filesystem $LOWER, to the end that the program itself
# takes for a good one. USER is one of that system.
works()
{
    local user
    user=$(awk -F : -v name="$1" '$1 == name { print "{\"uid\": " $3 ", \"gid\": " $4 "}" }' \
        "$LOWER/etc/passwd")
    BUNDLE=$BATS_TEST_TMPDIR/bundle
    mkdir -p "$BUNDLE"
    rm -f "$BUNDLE/config.json"
    (cd "$BUNDLE" && runc spec)
    jq "$PLAIN"' | .process.args = ["/inside/run.sh"] + $ARGS.positional | .process.user = $user
        | .process.env += ["HOME=/tmp", "LC_ALL=C.UTF-8"]' \
        --argjson user "$user" --args -- "${@:2}" <"$BUNDLE/config.json" >"$BUNDLE/edited"
    mv "$BUNDLE/edited" "$BUNDLE/config.json"
    new_id
    run --separate-stderr world "$BATS_TEST_DIRNAME/../software/above.sh" "$LOWER" "$BUNDLE" \
        "$SHIM" run --bundle "$BUNDLE" "$ID"
    [ "$status" = 0 ] || { tail -n 40 <<<"$output" && fail "$2 does not work"; } || return 1
    [ "${lines[-1]}" = works ] || fail "$2 did not come to its end" || return 1
    expect NoNewPrivs 1 Seccomp 2 && capabilities_within "$BASELINE_CAPS"
}
