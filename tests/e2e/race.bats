#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# The race of symbolic links: a source that is a directory of the workload's own when it is judged and a
# link to a protected one when it is mounted, or the other way round. RACE_ROUNDS says how often each is
# tried: a few times here, five thousand times in "make race".

load hooks

setup_file()
{
    world_new race
    cgroups_note
    "${CC:-cc}" -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -O2 -o "$E2E/bin/swap" "$BATS_TEST_DIRNAME/sabotage/swap.c"
}

teardown_file()
{
    cgroups_tidy
}

teardown()
{
    [ -z "${swapper:-}" ] || kill "$swapper" 2>/dev/null || true
    reap
}

# The host's view of what the world has in /var/lib/docker.
prepare()
{
    RUNTIME=runc
    ROUNDS=${RACE_ROUNDS:-40}
    HELD=$WORLD/lib/docker/volumes/race
    rm -rf "$HELD"
    mkdir -p "$HELD/way/vol" "$WORLD/lib/docker/protected/vol"
    echo open >"$HELD/way/vol/who"
    echo protected >"$WORLD/lib/docker/protected/vol/who"
    policy '{"version": 1, "runtimes": ["/usr/bin/runc", "/usr/sbin/runc"],
        "rules": {"host-path": {"allow": ["/var/lib/docker/volumes/race"]}}}'
    bundle race '.process.args = ["cat", "/data/who"] | .mounts += [{"destination": "/data", "type": "bind",
        "source": "/var/lib/docker/volumes/race/way/vol", "options": ["rbind", "ro", "nosuid", "nodev"]}]'
}

# race PROGRAM ROUNDS: the counts, as variables.
race()
{
    local counts
    counts=$(WORLD_TIME=$((60 + 5 * $2)) world "$BATS_TEST_DIRNAME/sabotage/race.sh" "$1" "$BUNDLE" "$2")
    [ -z "${RACE_ROUNDS:-}" ] || echo "# ${1##*/}: $counts" >&3
    eval "$counts"
}

raced()
{
    race /usr/sbin/runc 40
    [ "$protected" -gt 0 ] || fail "plain runc was never fooled: there is no race to win" || return 1
    race "$SHIM" "$ROUNDS"
    [ "$protected" = 0 ] || fail "$protected containers saw what is protected" || return 1
    [ "$open" -gt 0 ] && [ "$refused" -gt 0 ] || fail "open $open, refused $refused: nothing was raced" || return 1
    [ "$other" = 0 ] || fail "$other ended otherwise: $(cat "$WORLD/run/race.other")" || return 1
}

@test "race: the source itself is exchanged for a link" {
    prepare
    ln -s /var/lib/docker/protected/vol "$HELD/way/link"
    "$E2E/bin/swap" "$HELD/way/vol" "$HELD/way/link" 3>&- &
    swapper=$!
    raced
}

@test "race: a directory on the way is exchanged for a link" {
    prepare
    ln -s /var/lib/docker/protected "$HELD/link"
    "$E2E/bin/swap" "$HELD/way" "$HELD/link" 3>&- &
    swapper=$!
    raced
}
