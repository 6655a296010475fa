#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# No file above 400 lines, no function above 60.
set -u
git ls-files -- '*.c' '*.h' '*.sh' '*.bats' '*.py' Makefile | grep -v '^tests/corpus/' | xargs awk '
    FNR == 1 { start = 0 }
    FNR == 401 { print FILENAME ": more than 400 lines"; bad = 1 }
    FILENAME ~ /\.[ch]$/ && /^{/ { start = FNR }
    FILENAME ~ /\.[ch]$/ && /^}/ {
        if (start && FNR - start - 1 > 60) {
            print FILENAME ":" start ": function of " FNR - start - 1 " lines, at most 60"
            bad = 1
        }
        start = 0
    }
    END { exit bad }'
