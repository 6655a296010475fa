#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What README and the manual pages show is run: every seawall command, every policy, every make target; pages
# are formatted without a warning; the generated ones are what the program prints.
set -u
cd "$(dirname "$0")/.." || exit 1
PATH=$SEAWALL_BUILD:$PATH
passed=0
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

verdict() { # STATUS WHAT
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $2" && cat "$work/out"
    fi
}

# The examples of a page, in a directory with a config.json: 0 or 1 is an answer, 2 is a mistake of ours.
examples() {
    local line status
    while read -r line; do
        status=0
        (cd "$work" && eval "${line%%#*}") >"$work/out" 2>&1 || status=$?
        verdict $((status > 1)) "$1: $line"
    done < <(sed 's/\\-/-/g' "$1" | grep -E '^seawall (check|diff|apply|explain|rules|policy|seccomp) [^|]*$')
}

cp tests/corpus/docker/default.config.json "$work/config.json"
for page in README.md man/*.in; do
    rm -f "$work/policy.json"
    examples "$page"
done

sed -n '/^\.EX/,/^\.EE/p' man/seawall-policy.5.in | grep -v '^\.E' >"$work/example.json"
seawall policy check "$work/example.json" >"$work/out" 2>&1
verdict $? 'the example in seawall-policy(5)'

sed -n '/^\.EX/,/^\.EE/p' man/seawall.8.in | grep '^{' >"$work/facts.json"
seawall check --host "$work/facts.json" "$work/config.json" >"$work/out" 2>&1
verdict $(($? > 1)) 'the host facts in seawall(8)'

while read -r target; do
    grep -qE "^$target:.*## " Makefile
    verdict $? "make $target: no such target"
done < <(grep -ohE '^(sudo )?make [a-z-]+' README.md CONTRIBUTING.md | sed 's/.*make //' | sort -u)

for page in man/*.in man/*.7; do
    groff -man -Tutf8 -ww -z "$page" >"$work/out" 2>&1 && [ ! -s "$work/out" ]
    verdict $? "$page"
done

seawall rules --format markdown 2>&1 | diff docs/rules.md - >"$work/out"
verdict $? 'docs/rules.md: run make docs'
seawall rules --format man 2>&1 | diff man/seawall-rules.7 - >"$work/out"
verdict $? 'man/seawall-rules.7: run make docs'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
