#!/bin/sh
# Installs what is missing, builds, and runs every test. The last line says how many passed and
# failed; the exit status is 0 if none failed.
#
#   ./test.sh           all tests but the long sweeps
#   ./test.sh -R cli    arguments go to CTest: here, the tests of the command alone
#   ./test.sh --python  the Python package instead: builds, installs and tests it (python/run-tests)
#
# RASPC_CMAKE_OPTIONS=-DRASPC_LONG_TESTS=ON adds the long sweeps.
set -eu
cd "$(dirname "$0")"
. .ci/setup.sh

if [ "${1:-}" = --python ]; then
  shift
  # shellcheck disable=SC2086,SC2154  # lists of words, set in setup.sh
  install_missing_packages $packages $test_packages $python_packages
  configure_and_build raspc
  exec python/run-tests "$@"
fi

# shellcheck disable=SC2086  # lists of words
install_missing_packages $packages $test_packages
start=$(date +%s)
configure_and_build all
built=$(date +%s)

results=$(mktemp)
trap 'rm -f "$results"' EXIT
status=0
ctest --test-dir build -j2 --output-on-failure --no-tests=error --output-junit "$results" "$@" || status=$?
count() { sed -n "s/^[[:space:]]*$1=\"\([0-9]*\)\".*/\1/p" "$results" | head -n 1; }
total=$(count tests)
failed=$(count failures)
skipped=$(count skipped)
echo "built in $((built - start)) s, tested in $(($(date +%s) - built)) s"
echo "$((${total:-0} - ${failed:-0} - ${skipped:-0})) passed, ${failed:-0} failed"
exit "$status"
