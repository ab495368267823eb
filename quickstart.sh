#!/bin/sh
# From a fresh machine to a transformer that sorts: installs what is missing, builds, compiles
# programs/sort.rasp into weights and runs them. Neither installs nor builds anything if build/raspc
# is there and newer than its sources.
set -eu
cd "$(dirname "$0")"
. .ci/setup.sh

if ! is_command_current; then
  # shellcheck disable=SC2086,SC2154  # a list of words, set in setup.sh
  install_missing_packages $packages
  configure_and_build raspc
fi

model=build/sort.safetensors
echo "\$ build/raspc compile programs/sort.rasp -o $model"
build/raspc compile programs/sort.rasp -o "$model"
echo
echo "\$ build/raspc run $model headache"
build/raspc run "$model" headache
echo
echo "The weights are in $(pwd)/$model ($(wc -c < "$model") bytes)."
echo "Next, try:"
echo "  build/raspc verify programs/sort.rasp --exhaustive 4 --random 2000"
echo "  build/raspc inspect $model"
echo "  build/raspc eval programs/dyck2.rasp '([])'"
