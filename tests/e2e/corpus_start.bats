#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154 # for inner shells; bats sets and reads these
# SPDX-License-Identifier: Apache-2.0
# What engines really write starts: see corpus_start.sh.

load lib

setup_file()
{
    world_new corpus
    cgroups_note
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    policy
}

@test "corpus: every recorded config and process that may start is started by runc, confined" {
    local corpus total
    corpus=$(cd "$BATS_TEST_DIRNAME/../corpus" && pwd)
    total=$(($(jq '[.[] | select(.baseline == "starts")] | length' "$corpus/index.json") +
        $(find "$corpus/reference" -name '*.config.json' | wc -l)))
    WORLD_TIME=150 run --separate-stderr world "$BATS_TEST_DIRNAME/corpus_start.sh" \
        "$corpus" "$SHIM" "$E2E/rootfs" "$BATS_TEST_TMPDIR"
    printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/seen"
    echo "# started $(grep -c '^started ' "$BATS_TEST_TMPDIR/seen") of $total" >&3
    sed -n 's/^cannot /# cannot be started here: /p' "$BATS_TEST_TMPDIR/seen" >&3
    if grep '^failed ' "$BATS_TEST_TMPDIR/seen" >&2; then
        return 1
    fi
    [ "$(grep -c . "$BATS_TEST_TMPDIR/seen")" = "$total" ] || fail "not all were tried"
    [ "$(grep -c '^started ' "$BATS_TEST_TMPDIR/seen")" -gt 80 ]
}
