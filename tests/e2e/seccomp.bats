#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# System call filters, seen from inside: every number of every ABI is called once.

load lib

setup_file()
{
    world_new seccomp
    cgroups_note
    "${CC:-cc}" -std=gnu11 -Wall -Wextra -O2 -static -o "$WORLD/calls" \
        "$BATS_TEST_DIRNAME/probe/seccomp.c"
    # What nobody can call on this machine, no container can.
    "$WORLD/calls" getpid | sed -n 's/ [0-9]* absent$//p' >"$WORLD/absent"
    sed 's/.*/# this machine knows no & calls: what filters do with them is simulated only/' "$WORLD/absent" >&3
    "$SEAWALL" seccomp show --builtin --caps docker --format json >"$WORLD/docker.json"
    "$SEAWALL" seccomp show --builtin --caps docker --abi native --format json >"$WORLD/native.json"
    "$SEAWALL" seccomp show --builtin --caps docker,SYS_ADMIN --format json >"$WORLD/admin.json"
}

teardown_file()
{
    cgroups_tidy
}

setup()
{
    RUNTIME=runc
    WORLD_TIME=120
    policy
}

teardown()
{
    reap
}

# The lines of $output but for calls that cannot be made on this machine.
made()
{
    printf '%s\n' "$output" |
        awk -v absent=" $(tr '\n' ' ' <"$WORLD/absent")" '$3 != "absent" || !index(absent, " " $1 " ")'
}

# filtered_bundle NAME PROFILE [JQ]: a bundle that makes every call below the profile.
calls_bundle()
{
    local filter=${3:-.}
    bundle "$1" ".process.args = [\"/calls\"] | .linux.seccomp = \$profile[0] | $filter" \
        --slurpfile profile "$2"
    cp "$WORLD/calls" "$BUNDLE/rootfs/calls"
}

# An errno that the kernel itself never gives tells the filter's answers from its own.
marked()
{
    jq 'if .defaultAction == "SCMP_ACT_ERRNO" then .defaultErrnoRet = 1234 else . end
        | .syscalls |= map(if .action == "SCMP_ACT_ERRNO" then .errnoRet = 1234 else . end)' "$1"
}

# agree PROFILE: what the simulator says of a marked profile is what $output saw. runc answers "no such
# call" (38) for numbers beyond those a profile names: blocked all the same. Linux asks no filter about
# uretprobe (335) since 6.14 and updates of 6.12 and 6.13, nor about uprobe (336) since 6.18: it puts both
# into programs that root probes, and takes them from nowhere else.
agree()
{
    "$SEAWALL" seccomp calls --builtin "$1" >"$BATS_TEST_TMPDIR/said"
    made >"$BATS_TEST_TMPDIR/saw"
    awk '
        NR == FNR { n = split($0, word, " zeros "); said[$1 " " $2] = n > 1 ? word[2] : $4 (NF > 4 ? " " $5 : ""); name[$1 " " $2] = $3; next }
        $1 == "done" { done = 1; next }
        {
            key = $1 " " $2
            if (key == "x86-64 335" || key == "x86-64 336") next
            saw = $3 ($4 == "" ? "" : " " $4)
            blocked = saw == "errno 1234" || saw == "kill" || (saw == "errno 38" && said[key] == "errno 1234")
            right = said[key] == "allow" ? saw != "errno 1234" && saw != "kill" : said[key] == "kill" ? saw == "kill" : blocked
            if (!right) { print key, name[key] ": simulated " said[key] ", in the container " saw; bad++ }
            count++
        }
        END { print count " calls compared, " bad + 0 " differ"; exit bad > 0 || !done || count < 1024 }
    ' "$BATS_TEST_TMPDIR/said" "$BATS_TEST_TMPDIR/saw"
}

agrees_on()
{
    marked "$1" >"$BATS_TEST_TMPDIR/marked.json"
    calls_bundle agree "$BATS_TEST_TMPDIR/marked.json"
    bare
    [ "$status" = 0 ] || fail "the container did not run" || return 1
    agree "$BATS_TEST_TMPDIR/marked.json"
}

# blocked_inside: behind seawall, every call that the default blocks got its errno.
blocked_inside()
{
    behind
    [ "$status" = 0 ] || fail "the container did not run" || return 1
    "$SEAWALL" seccomp calls --builtin --caps "${CAPS:-CHOWN,DAC_OVERRIDE,FSETID,FOWNER,MKNOD,SETGID,SETUID,SETFCAP,SETPCAP,NET_BIND_SERVICE,SYS_CHROOT,KILL,AUDIT_WRITE}" \
        >"$BATS_TEST_TMPDIR/said"
    # shellcheck disable=SC2154 # set by bats
    made | awk '
        NR == FNR { if ($3 != "-" && $4 == "errno") said[$1 " " $2] = $3; next }
        ($1 " " $2) in said && $3 != "kill" && !($3 == "errno" && ($4 == 1 || $4 == 38)) {
            print $1, said[$1 " " $2] ": " $3, $4; bad++
        }
        { seen++ }
        END { exit bad > 0 || seen < 1024 }' "$BATS_TEST_TMPDIR/said" - || fail "a blocked call went through"
}

found()
{
    decision '.findings[].rule' | grep -qx "$1" || fail "no finding $1 in the decision log"
}

@test "runc: the kernel answers every call as simulated, default" { agrees_on "$WORLD/docker.json"; }

@test "runc: the kernel answers every call as simulated, native" { agrees_on "$WORLD/native.json"; }

@test "runc: the kernel answers every call as simulated, with SYS_ADMIN" { agrees_on "$WORLD/admin.json"; }

@test "crun: the kernel answers every call as simulated, default and native" {
    RUNTIME=crun
    export WORLD_CGROUP=v1
    agrees_on "$WORLD/docker.json"
    agrees_on "$WORLD/native.json"
}

@test "without a filter every blocked call of every ABI gets its errno" {
    calls_bundle none "$WORLD/docker.json" 'del(.linux.seccomp)'
    blocked_inside
    found seccomp
}

@test "crun: without a filter every blocked call of every ABI gets its errno" {
    RUNTIME=crun
    export WORLD_CGROUP=v1
    policy '{"version": 1, "runtimes": ["/usr/bin/crun", "/usr/sbin/crun", "/usr/local/bin/crun"]}'
    calls_bundle none "$WORLD/docker.json" 'del(.linux.seccomp)'
    blocked_inside
}

@test "abi native: the 32-bit ABIs and x32 are gone" {
    policy '{"version": 1, "seccomp": {"abi": "native"}}'
    calls_bundle native "$WORLD/docker.json"
    behind
    [ "$status" = 0 ] || fail "the container did not run"
    [ "$(made | grep -Ec '^(i386|x32) [0-9]+ kill$')" = $((2048 - 1024 * $(wc -l <"$WORLD/absent"))) ] ||
        fail "other ABIs are open"
    grep -qx 'x86-64 39 pass' <<<"$output" || fail "getpid does not work"
    [ "$(jq -c .linux.seccomp.architectures "$BUNDLE/config.json")" = '["SCMP_ARCH_X86_64"]' ]
}

# Name, then what is done to the default for Docker's capabilities.
weak=(
    'allow-all'       '{"defaultAction": "SCMP_ACT_ALLOW"}'
    'log'             '.defaultAction = "SCMP_ACT_LOG"'
    'misspelt'        '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mountt", "bpff"], "action": "SCMP_ACT_ERRNO"}]}'
    'same-index'      '.syscalls += [{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 2114060288, "op": "SCMP_CMP_MASKED_EQ"}, {"index": 0, "value": 0, "op": "SCMP_CMP_GE"}]}]'
    'always-true'     '.syscalls += [{"names": ["mount", "unshare"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 0, "op": "SCMP_CMP_GE"}]}]'
    'one-call-logged' '.syscalls += [{"names": ["bpf"], "action": "SCMP_ACT_LOG"}]'
    'first-rule-wins' '.syscalls |= [{"names": ["clone3"], "action": "SCMP_ACT_ALLOW"}] + .'
    'crypto-sockets'  '.syscalls += [{"names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 40, "op": "SCMP_CMP_GT"}]}]'
)

@test "weak profiles are recognised and made strong" {
    local at
    for ((at = 0; at < ${#weak[@]}; at += 2)); do
        echo "# ${weak[at]}"
        jq "${weak[at + 1]}" "$WORLD/docker.json" >"$BATS_TEST_TMPDIR/weak.json"
        run "$SEAWALL" seccomp check --builtin "$BATS_TEST_TMPDIR/weak.json"
        [ "$status" = 1 ] || fail "${weak[at]}: not called weak"
        policy
        calls_bundle "${weak[at]}" "$BATS_TEST_TMPDIR/weak.json"
        blocked_inside || fail "${weak[at]}"
        decision '.findings[].rule' | grep -Eqx 'seccomp(-weak)?' || fail "${weak[at]}: no finding"
        "$SEAWALL" seccomp check --builtin "$BUNDLE/config.json" || fail "${weak[at]}: still weak"
    done
}

@test "a profile made for SYS_ADMIN is weak once SYS_ADMIN is dropped" {
    calls_bundle admin "$WORLD/admin.json" \
        '.process.capabilities |= map_values(. + ["CAP_SYS_ADMIN"])'
    blocked_inside
    found seccomp-weak
}

@test "strong profiles are left alone" {
    local before
    jq '.syscalls |= [{"names": ["chmod"], "action": "SCMP_ACT_KILL_PROCESS"}] + .' \
        "$WORLD/docker.json" >"$BATS_TEST_TMPDIR/strong.json"
    for profile in "$WORLD/docker.json" "$BATS_TEST_TMPDIR/strong.json"; do
        policy
        calls_bundle strong "$profile"
        before=$(jq -c .linux.seccomp "$BUNDLE/config.json")
        behind
        [ "$before" = "$(jq -c .linux.seccomp "$BUNDLE/config.json")" ] || fail "$profile was changed"
        decision '.findings[].rule' | grep -q seccomp && fail "$profile: a finding"
    done
    true
}

# What rules do not explain is asked of the installed program, here that of the build.
installed()
{
    mkdir -p "$WORLD/points/local/bin"
    cp "$SEAWALL" "$WORLD/points/local/bin/"
    behind
    rm -r "$WORLD/points/local/bin"
}

@test "a profile that rules do not explain is judged once and remembered" {
    rm -rf "$WORLD"/lib/seawall/*
    # a denial behind an allowing rule: which one wins is libseccomp's to say
    jq '.syscalls += [{"names": ["clone3"], "action": "SCMP_ACT_ALLOW"}]' "$WORLD/docker.json" \
        >"$BATS_TEST_TMPDIR/odd.json"
    calls_bundle odd "$BATS_TEST_TMPDIR/odd.json" '.process.args = ["/bin/true"]'
    installed
    [ "$status" = 0 ] || fail "the container did not run"
    [ "$(cat "$WORLD"/lib/seawall/seccomp/*)" = strong ] || fail "nothing was remembered"
    [ "$(stat -c %a "$WORLD/lib/seawall/seccomp")" = 700 ]
    ! decision '.findings[].rule' | grep -q seccomp-weak || fail "a strong profile was changed"

    # remembered: the program is not asked again
    policy
    calls_bundle odd2 "$BATS_TEST_TMPDIR/odd.json" '.process.args = ["/bin/true"]'
    behind
    [ "$status" = 0 ] || fail "the container did not run"
    ! decision '.findings[].rule' | grep -q seccomp-weak || fail "the memory was not used"

    # neither memory nor program: closed
    rm -rf "$WORLD"/lib/seawall/*
    policy
    calls_bundle odd3 "$BATS_TEST_TMPDIR/odd.json" '.process.args = ["/bin/true"]'
    behind
    [ "$status" = 0 ] || fail "the container did not run"
    found seccomp-weak
    "$SEAWALL" seccomp check --builtin "$BUNDLE/config.json"
}

@test "the operator's own profile takes the default's place" {
    mkdir -p "$WORLD/etc/seawall"
    jq '{defaultAction, defaultErrnoRet: 13, archMap: [{architecture: "SCMP_ARCH_X86_64", subArchitectures: ["SCMP_ARCH_X86"]}],
         syscalls: (.syscalls + [{names: ["io_uring_setup"], action: "SCMP_ACT_ALLOW"},
                                 {names: ["mount"], action: "SCMP_ACT_ALLOW", includes: {caps: ["CAP_SYS_ADMIN"]}}])}' \
        "$WORLD/docker.json" >"$BATS_TEST_TMPDIR/own.json"
    policy '{"version": 1, "seccomp": {"profile": "/etc/seawall/own.json"}}'
    cp "$BATS_TEST_TMPDIR/own.json" "$WORLD/etc/seawall/own.json"
    calls_bundle own "$WORLD/docker.json" 'del(.linux.seccomp)'
    behind
    [ "$status" = 0 ] || fail "the container did not run"
    grep -qx 'x86-64 165 errno 13' <<<"$output" || fail "mount is not answered by the own profile"
    grep -Eqx 'x86-64 425 errno (14|22)' <<<"$output" || fail "io_uring_setup is blocked"
    grep -qx 'x32 39 kill' <<<"$output" || fail "x32 is open"

    echo '{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["mountt"], "action": "SCMP_ACT_ALLOW"}]}' \
        >"$WORLD/etc/seawall/own.json"
    behind
    [ "$status" = 1 ] || fail "a broken profile was used"
    grep -q 'own.json:1:.*unknown system call (found "mountt"' <<<"$stderr" || fail "the reason is missing"
}
