#!/bin/sh
# Runs the main job on examples/webshop, in a copy, and says what it does. Changes nothing else.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
heck=${HECK:-$here/../target/release/heck}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HECK_STATE_DIR="$work/state" HECK_CONFIG_DIR="$work/config"
cp -R "$here/webshop" "$work/webshop"
cd "$work/webshop"
git init -q
git add -A
git -c user.name=you -c user.email=you@example.invalid commit -q -m "the shop"

say() { printf '\n# %s\n' "$1"; }

say "the recipe: a dozen lines of Lua"
cat .heck/recipes/quiet.lua
say "the shop's code may not run before you have looked at it: heck trust"
"$heck" trust --yes --quiet
say "heck run quiet: shows the diff, applies it, verifies it with the shop's own check"
"$heck" run quiet --yes --verify 'sh test/check.sh' 2>&1
say "git sees the change"
git status --short
say "the record of it: heck log list"
"$heck" log list
say "undo it, to the byte: heck patch rollback last --yes"
"$heck" patch rollback last --yes 2>&1
test -z "$(git status --short)"
echo "everything is as it was before"
