# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# The same programs and worlds as in tests/e2e, and Debian with the software under test, made once.

# shellcheck source=tests/e2e/setup_suite.bash
source "$BATS_TEST_DIRNAME/../e2e/setup_suite.bash"
eval "e2e_$(declare -f setup_suite)"

setup_suite()
{
    local here=$BATS_TEST_DIRNAME
    BATS_TEST_DIRNAME=$here/../e2e e2e_setup_suite &&
        "$here/rootfs.sh" "$SEAWALL_BUILD/software/rootfs" >&2
}
