#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Arrows point down only: a file includes headers of its own layer and of those below, no others. A header
# belongs to the lowest layer with a file of its name; mountinfo.h to that of host_mounts.c. Judgement is pure: it
# may not even name files, clocks and processes.
set -u
layers=(src/ground src/document src/container src/judgement src/edges 'src/doors hooks')
pure='stdbool|stddef|stdint|stdarg|stdio|stdlib|string|limits|inttypes|ctype|errno|fnmatch'
bad=0

# rank_of FIND-EXPRESSION: number of the lowest layer where it finds something
rank_of() {
    local rank
    for rank in "${!layers[@]}"; do
        # shellcheck disable=SC2086 # two directories
        [ -z "$(find ${layers[rank]} "$@" 2>/dev/null)" ] || { echo "$rank" && return; }
    done
}

while IFS=: read -r file line include; do
    name=$(sed -E 's/.*["<](.*)[">].*/\1/' <<<"$include")
    base=$(basename "$name" .h)
    [ "$base" != mountinfo ] || base=host_mounts
    if [[ $include == *\<* ]]; then
        [[ $file != src/judgement/* || $name =~ ^($pure)\.h$ ]] && continue
        echo "$file:$line: judgement is pure, yet includes <$name>"
    else
        home=$(rank_of \( -name "$base.[ch]" -o -name "${base}_*.c" \))
        [ -z "$home" ] || [ "$home" -gt "$(rank_of -path "$file")" ] || continue
        echo "$file:$line: \"$name\" belongs to $([ -n "$home" ] && echo a layer above || echo no layer)"
    fi
    bad=1
done < <(grep -rnE --include='*.[ch]' '^[[:space:]]*#[[:space:]]*include' src hooks)
exit $bad
