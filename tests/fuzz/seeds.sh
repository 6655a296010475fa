#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints the seeds of one fuzz target, a path a line: its own in tests/fuzz/seeds/NAME, and of what the
# tests hold whatever is of the kind that it reads.
set -eu
cd "$(dirname "$0")/../.."

of_kind() {
    case $1 in
    json) find tests/corpus tests/cases -name '*.json' ;;
    spec | harden) find tests/corpus tests/cases -name '*config.json' ;;
    policy) find tests/cases profiles -name 'policy*.json' -o -path 'profiles/*.json' ;;
    esac 2>/dev/null || true
}

{
    [ ! -d "tests/fuzz/seeds/$1" ] || find "tests/fuzz/seeds/$1" -type f
    of_kind "$1"
} | LC_ALL=C sort
