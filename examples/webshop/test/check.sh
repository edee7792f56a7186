#!/bin/sh
# The shop's own check: no debugging output outside the logger and the tests.
if grep -rn 'console\.log' src; then
  echo "found console.log in src" >&2
  exit 1
fi
echo "no console.log in src"
