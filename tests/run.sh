#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# run.sh BUILD check|check-unit|check-valgrind|e2e|e2e-software: runs what is there and ends with
# "N passed, N failed" over everything. What cannot run has failed; nothing is skipped.
#
#   BUILD/tests/test_*        programs with libcheck's summary line
#   BUILD/fuzz/replay_*       fuzz targets over their seeds
#   tests/check_*             executable scripts that end with their own "N passed, N failed"; those named
#                             check_host_* need root and a real runtime and are run by check only
#   tests/e2e/*.bats          real engines
#   tests/software/*.bats     real software, by e2e-software only
#
# All of them run in the root of the tree with SEAWALL_BUILD as the absolute path of the build.
set -u
cd "$(dirname "$0")/.." || exit 1
mkdir -p "$1"
SEAWALL_BUILD=$(cd "$1" && pwd)
export SEAWALL_BUILD
# Tests may call make for another configuration of their own.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
what=$2
passed=0
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# count NAME PASSED FAILED STATUS: adds up; a bad status without a failed test is one failure more.
count() {
    local bad=$3
    if [ "$4" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    fi
    passed=$((passed + $2))
    failed=$((failed + bad))
    printf '  %-32s %5d passed %5d failed\n' "$1" "$2" "$bad"
    [ "$bad" -eq 0 ] || { tail -n 100 "$out" | sed 's/^/      /'; }
}

# "87%: Checks: 8, Failures: 1, Errors: 0", one line per runner
run_program() {
    local status=0 sum
    "${wrap[@]}" "$1" >"$out" 2>&1 </dev/null || status=$?
    sum=$(awk -F '[:,] *' '/^[0-9]+%: Checks: / { n += $3; bad += $5 + $7 }
        END { print n - bad, bad + 0 }' "$out")
    [ "$sum" != "0 0" ] || status=1
    # shellcheck disable=SC2086 # two words
    count "${1##*/}" $sum "$status"
}

run_script() {
    local status=0 sum
    "$@" >"$out" 2>&1 </dev/null || status=$?
    sum=$(sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$out" | tail -n 1)
    [ -n "$sum" ] || { sum="0 0" status=1; }
    # shellcheck disable=SC2086
    count "$(basename "$1")" $sum "$status"
}

run_replay() {
    local seeds
    mapfile -t seeds < <(tests/fuzz/seeds.sh "${1##*/replay_}")
    run_script "${wrap[@]}" "$1" "${seeds[@]}"
}

# A skipped test ("ok 3 # skip") is a failed one: a missing engine is no excuse.
run_bats() {
    local status=0 good bad
    bats --tap "$1" >"$out" 2>&1 </dev/null || status=$?
    bad=$(grep -cE '^(not ok |ok [0-9]+ .*# skip)' "$out")
    good=$(($(grep -cE '^(not )?ok ' "$out") - bad))
    count "${1##*/}" "$good" "$bad" "$status"
}

wrap=()
if [ "$what" = check-valgrind ]; then
    export CK_FORK=no
    wrap=(valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite
        --suppressions=tests/valgrind.supp)
fi

# valgrind 3.19 knows neither openat2 nor pidfd_send_signal: what is tested with them, sanitizers see.
beyond_valgrind='test_host_real test_kernel test_kernel_look'

unit() {
    for program in "$SEAWALL_BUILD"/tests/test_*; do
        if [ ${#wrap[@]} -gt 0 ] && [[ " $beyond_valgrind " == *" ${program##*/} "* ]]; then
            echo "  ${program##*/}: beyond valgrind, see check-sanitize"
            continue
        fi
        [ ! -x "$program" ] || [ ! -e "tests/${program##*/}.c" ] || run_program "$program"
    done
    for program in "$SEAWALL_BUILD"/fuzz/replay_*; do
        [ ! -x "$program" ] || run_replay "$program"
    done
}

scripts() {
    for script in tests/check_*; do
        [ -x "$script" ] || continue
        case $script in
        tests/check_seccomp)
            # The same code by test_filter and the vectors, and here for more than a minute.
            [ -z "${SANITIZED:-}" ] || { echo "  check_seccomp: not with sanitizers, see check-unit" && continue; }
            run_script "$script"
            ;;
        tests/check_host_*) [ "$what" != check ] || run_script "$script" ;;
        *) run_script "$script" ;;
        esac
    done
}

real() {
    for file in "tests/$1"/*.bats; do
        [ ! -e "$file" ] || run_bats "$file"
    done
}

case $what in
check) unit && scripts && real e2e ;;
check-unit) unit && scripts ;;
check-valgrind) unit ;;
e2e) real e2e ;;
e2e-software) real software ;;
*) echo "run.sh: what is $what?" >&2 && exit 2 ;;
esac

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
