#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# race.sh PROGRAM BUNDLE ROUNDS: starts the container again and again and counts how it ended: it saw the
# open directory, it saw the protected one, it was refused before, or it was ended by the hook. On a busy
# machine the first few may all be caught: up to five times as many are tried until one saw the open one.
set -u

open=0 protected=0 refused=0 ended=0 other=0 round=0
while [ "$round" -lt "$3" ] || { [ "$open" -eq 0 ] && [ "$round" -lt $((5 * $3)) ]; }; do
    round=$((round + 1))
    saw=$("$1" run --bundle "$2" "race-$$-$round" 2>/run/race.err </dev/null)
    case $saw in
    open) open=$((open + 1)) ;;
    protected) protected=$((protected + 1)) ;;
    '')
        if grep -q '^seawall: rejected' /run/race.err; then
            refused=$((refused + 1))
        elif grep -q 'seawall: rejected' /run/race.err; then
            ended=$((ended + 1))
        else
            other=$((other + 1))
            head -n 1 /run/race.err >>/run/race.other
        fi
        ;;
    *) other=$((other + 1)) ;;
    esac
done
echo "open=$open protected=$protected refused=$refused ended=$ended other=$other"
