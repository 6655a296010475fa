#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# lint.sh FLAGS: every analysis, each with its findings; ends with "N passed, N failed".
set -u
cd "$(dirname "$0")/../.." || exit 1
export FLAGS=$1
passed=0
failed=0
mapfile -t code < <(git ls-files -- '*.c' '*.h')
mapfile -t units < <(git ls-files -- 'src/*.c' 'hooks/*.c' 'tests/bench/*.c')
mapfile -t shell < <(git ls-files -- '*.sh' .ci/run)
mapfile -t prose < <(git ls-files -- '*.md' '*.in' '*.c' '*.h' '*.sh' Makefile | grep -vE '^tests/(corpus|vectors)/')

step() {
    local name=$1 out
    shift
    if out=$("$@" 2>&1); then
        passed=$((passed + 1))
        echo "  ok      $name"
        return
    fi
    failed=$((failed + 1))
    echo "  FAILED  $name"
    printf '%s\n' "$out"
}

tidy() {
    # shellcheck disable=SC2016 # for the inner shell
    printf '%s\0' "${units[@]}" |
        xargs -0 -n 2 -P 2 bash -c 'eval "flags=($FLAGS)"; clang-tidy --quiet "$@" -- "${flags[@]}" 2>&1' tidy |
        grep -v ' warnings generated\.$'
    [ "${PIPESTATUS[1]}" -eq 0 ]
}

step clang-format clang-format --dry-run -Werror "${code[@]}"
step clang-tidy tidy
# What is suppressed, cppcheck 2.10 finds in loops that move on, in arrays that a callee fills and behind
# comparisons of lengths; clang's analyzer looks for the same.
step cppcheck cppcheck -q --error-exitcode=1 --std=c11 --language=c --inline-suppr -Iinclude \
    --enable=warning,portability,performance --suppress=missingIncludeSystem --suppress=uninitvar \
    --suppress=identicalInnerCondition --suppress=pointerOutOfBoundsCond -j 2 src hooks
step shellcheck shellcheck -x "${shell[@]}"
step codespell codespell -I tests/lint/codespell.words "${prose[@]}"
for script in includes size words libraries; do
    step "$script" "tests/lint/$script.sh"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
