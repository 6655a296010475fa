#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh BUILD SECONDS NAME...: runs each fuzz target for so long, from its seeds. What it finds stays in
# BUILD/fuzz/NAME.found: it becomes a seed or a case before it is fixed.
set -eu
build=$1 seconds=$2
shift 2
passed=0 failed=0
for name; do
    corpus=$build/fuzz/$name.corpus found=$build/fuzz/$name.found
    mkdir -p "$corpus" "$found"
    number=0
    for seed in $("$(dirname "$0")/seeds.sh" "$name"); do
        number=$((number + 1))
        cp "$seed" "$corpus/seed-$number"
    done
    echo "fuzz $name: $number seeds, $seconds s"
    if "$build/fuzz/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -verbosity=0 \
        -print_final_stats=1 -artifact_prefix="$found/" "$corpus" >"$build/fuzz/$name.log" 2>&1; then
        passed=$((passed + 1))
        grep -E 'number_of_executed_units' "$build/fuzz/$name.log" || true
    else
        failed=$((failed + 1))
        tail -n 40 "$build/fuzz/$name.log"
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
