#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu
# shellcheck source=tests/software/inside/lib.sh
. /inside/lib.sh
export HOME=/tmp/home GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b

mkdir -p $HOME/work
cd $HOME/work
git init -q -b main .
echo one >file
git add file
git commit -q -m first
git checkout -q -b side
echo side >side
git add side
git commit -q -m second
git checkout -q main
echo two >>file
git commit -q -a -m third
git merge -q -m merge side
is commits "$(git rev-list --count HEAD)" 4
git clone -q . ../copied
git clone -q "file://$HOME/work" ../sent
is clones "$(git -C ../copied rev-parse HEAD)" "$(git -C ../sent rev-parse HEAD)"
echo three >../sent/file
git -C ../sent commit -q -a -m fourth
git -C ../sent push -q origin HEAD:refs/heads/back
is pushed "$(git show back:file)" three
git gc -q
git fsck --strict
git archive HEAD >../archive.tar
[ -s ../archive.tar ]
is status "$(git status --porcelain)" ''
echo works
