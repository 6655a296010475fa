# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # of jq; for those who load this; set by bats
# SPDX-License-Identifier: Apache-2.0
# The verifying hook, installed in a world, and runtimes that lie.

load lib

HOOK=/usr/local/libexec/seawall/seawall-hook

# verified FILTER: what jq makes of the last line that the hook wrote after a start.
verified()
{
    grep '"boundary":"poststart"' "$WORLD/log/seawall/decisions.jsonl" | tail -n 1 | jq -r "$1"
}

hook_remove()
{
    rm -rf "$WORLD/points/local"
}

# liar RUNTIME [JQ-FILTER]: from now on the runtime lies so; without a filter it tells the truth.
liar()
{
    mkdir -p "$WORLD/run/lie"
    rm -f "$WORLD/run/lie/leak"
    cp "$BATS_TEST_DIRNAME/sabotage/liar" "$WORLD/run/liar"
    command -v "$1" >"$WORLD/run/lie/runtime"
    printf '%s\n' "${2:-}" >"$WORLD/run/lie/filter"
    [ -n "${2:-}" ] || : >"$WORLD/run/lie/filter"
    policy '{"version": 1, "runtimes": ["/run/liar"], "rules": {"cgroups-path": "off",
        "host-path": {"allow": ["/var/lib/docker/volumes/data"]}}}'
}

# Who says "alive" was not stopped. The file is written first: not even that may happen.
SPEAK='.process.args = ["sh", "-c", "echo 1 >/tmp/alive; echo alive"] | .process.cwd = "/"'

# caught RULE: $BUNDLE is started, and ended for that reason before its program.
caught()
{
    new_id
    run --separate-stderr world "$SHIM" run --bundle "$BUNDLE" "$ID" 9>&- </dev/null
    [ "$status" != 0 ] || fail "the container was let go" || return 1
    [[ $output != *alive* ]] || fail "its program ran" || return 1
    [ ! -e "$BUNDLE/rootfs/tmp/alive" ] || fail "its program wrote a file" || return 1
    verified '.findings[] | select(.outcome == "rejected") | .rule' | grep -qx "$1" ||
        fail "expected a finding of $1: $(verified '.findings')" || return 1
    [ "$(verified .verdict)" = rejected ] || fail "the verdict is $(verified .verdict)" || return 1
    cmp -s "$BUNDLE/config.json" "$WORLD/run/lie/good" || fail "the good config was not put back"
}
