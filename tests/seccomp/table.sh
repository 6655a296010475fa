#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# table.sh SEAWALL: what three defaults answer to every x86-64 call, for three sets of capabilities, as a
# Markdown table. All of it comes from compiled filters.
set -eu
seawall=$1
cd "$(dirname "$0")"
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

profiles=('' docker-29.json containers-common-0.50.json)
sets=("none" "docker" "docker,SYS_ADMIN")

for set in "${sets[@]}"; do
    for profile in "${profiles[@]}"; do
        # shellcheck disable=SC2086 # none for our own
        "$seawall" seccomp calls --builtin --kernel 6.1 --caps "$set" $profile |
            awk '$1 == "x86-64" && $3 != "-" {
                print $3, $4 == "allow" ? "yes" : $4 == "arguments," ? "by arguments" : $4 == "errno" ? "errno " $5 : $4
            }' | sort >"$tmp/$set-$profile"
    done
done

paste -d'|' "$tmp"/none-{,docker-29.json,containers-common-0.50.json} \
    "$tmp"/docker-{,docker-29.json,containers-common-0.50.json} \
    "$tmp"/docker,SYS_ADMIN-{,docker-29.json,containers-common-0.50.json} | awk -F'|' '
    {
        call = $1
        sub(/ .*/, "", call)
        same = 1
        for (i = 1; i <= 9; i++) {
            sub(/^[^ ]* /, "", $i)
            same = same && $i == "yes"
        }
        if (same) { open = open (open ? " " : "") "`" call "`"; count++; next }
        row = "| `" call "` |"
        for (i = 1; i <= 9; i++) row = row " " $i " |"
        rows = rows row "\n"
    }
    END {
        print "| | no capabilities | | | Docker'"'"'s capabilities | | | with SYS_ADMIN | | |"
        print "|---|---|---|---|---|---|---|---|---|---|"
        print "| call | seawall | Docker 29 | containers-common | seawall | Docker 29 | containers-common | seawall | Docker 29 | containers-common |"
        printf "%s\nAllowed by all three for every set (%d): %s\n", rows, count, open
    }'
