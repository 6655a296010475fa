#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# coverage.sh BUILD: share of lines that ran, per file and in all, from gcov's counts.
set -eu
cd "$(dirname "$0")/.."
find "$(cd "$1" && pwd)/glibc" -name '*.gcda' -print0 | xargs -0 gcov -n 2>/dev/null | awk '
    /^File/ { name = $2; gsub("\047", "", name) }
    /^Lines executed/ && name ~ /^(\.\/)?(src|hooks)\// {
        sub(/^\.\//, "", name)
        split($0, part, /[:%]/)
        n = $NF
        lines[name] = n
        ran[name] = part[2] * n / 100
        name = ""
    }
    END {
        for (name in lines) {
            printf "%6.1f %% of %4d  %s\n", 100 * ran[name] / lines[name], lines[name], name | "sort -k5"
            all += lines[name]; good += ran[name]
        }
        close("sort -k5")
        if (all)
            printf "%6.1f %% of %4d  in all\n", 100 * good / all, all
    }'
