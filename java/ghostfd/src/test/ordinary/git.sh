#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes repositories: commits with hooks, branches, rebases, packs, clones and fetches; reads a log through a pager on a
# terminal.

# shellcheck source=rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

export GIT_CONFIG_GLOBAL=$PWD/config GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat GIT_EDITOR=true TERM=dumb
git config --global user.name work
git config --global user.email work@example.invalid
git config --global init.defaultBranch main
git config --global protocol.file.allow always
git config --global gc.auto 50

# Git's collector, in the background after a commit, may remove a folder of objects that is about to be written to.
once_more() {
    "$@" || "$@"
}

commits() {
    local n
    for ((n = 1; n <= $1; n++)); do
        for file in {1..5}; do echo "$RANDOM $n" >>"file$file"; done
        once_more git add .
        once_more git commit -q -m "change $n"
    done
}

round() {
    rm -rf origin copy other
    git init -q origin
    (
        cd origin
        printf '#!/bin/sh\ngit status --short | wc -l\n' >.git/hooks/pre-commit
        chmod +x .git/hooks/pre-commit
        commits 15
        git tag -a first -m first
    )
    git clone -q --local origin copy
    git clone -q "file://$PWD/origin" other
    (
        cd copy
        git switch -q -c topic
        commits 3
        git push -q origin topic
    )
    (
        cd origin
        commits 5
        git rebase -q --exec true HEAD~3
        git merge -q --no-ff -X ours -m merge topic
        git gc -q
        git fsck
        git archive HEAD | tar -t
        git bundle create -q ../bundle main
    )
    (
        cd other
        git fetch -q --all --prune
        git fetch -q ../bundle main
        git pull -q --rebase
        git stash list
        git grep -c change || true
        git blame file1 | head -n 1
        git log -p --stat | head -n 3 || true
        script -qec 'git log -p' /dev/null
        git submodule --quiet add "file://$OLDPWD/origin" part
    )
}

work
