#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Calls that are easy to get wrong, paths of somebody's machine, and files without a licence line.
set -u
calls='strcpy|strcat|stpcpy|strncpy|strncat|sprintf|vsprintf|strtok|strtok_r|atoi|atol|atoll|gets|alloca|system|popen|mktemp|tmpnam'
code=$(git ls-files -- '*.c' '*.h')
bad=0

fail() {
    [ -z "$2" ] || { printf '%s:\n%s\n' "$1" "$2" && bad=1; }
}

# shellcheck disable=SC2086,SC2046 # lists of files, none of which has a blank
{
    fail 'forbidden call' "$(grep -nHE "\\b($calls)[[:space:]]*\(" $code | grep -vE '^[^:]*:[0-9]*:[[:space:]]*(/?\*|//)')"
    fail 'path of one machine' "$(git grep -nE '/(home|work|Users)/[a-z]+' -- src include hooks install man Makefile '*.md' |
        grep -v '/home/user')"
    fail 'no SPDX line' "$(grep -L 'SPDX-License-Identifier: Apache-2.0' $code $(git ls-files -- '*.sh' '*.bats' '*.py' Makefile))"
    fail 'blank at the end of a line' "$(git grep -nE '[[:blank:]]+$' -- '*.c' '*.h' '*.sh' '*.bats' '*.py' '*.md' Makefile)"
}
exit $bad
