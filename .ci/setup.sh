# Sets up and builds; sourced by quickstart.sh and test.sh from the root of the repository.
#
# Installs missing Debian packages, and configures and builds into build/. Quiet if there is nothing
# to do. Needs Debian 12 or a similar system, and root or sudo if a package is missing.

# What the build, the command and the tests need. antlr4 brings the Java it runs on; graphviz draws
# the pictures of `raspc lab classify`.
# Boost.Graph is all headers, which libboost-dev has.
packages="g++ cmake ninja-build ccache antlr4 libantlr4-runtime-dev libeigen3-dev libboost-dev
  nlohmann-json3-dev libfmt-dev libcli11-dev catch2 graphviz"

# What only the tests need: the program of docs/model-file.md runs models with numpy.
test_packages="python3-numpy"

# What the Python package needs to be built, in addition to packages from a package index.
# shellcheck disable=SC2034  # used by test.sh
python_packages="python3-dev python3-venv"

# install_missing_packages PACKAGE...
install_missing_packages() {
  if ! command -v dpkg-query > /dev/null; then
    echo "This is not a Debian system; these packages must be installed already:" "$@"
    return
  fi
  missing=
  for package; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2> /dev/null) || status=
    [ "$status" = "install ok installed" ] || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  echo "Installing the missing packages:$missing"
  as_root=
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo > /dev/null; then
      echo "error: installing them requires root, and sudo was not found; as root, run" >&2
      echo "  apt-get install --no-install-recommends$missing" >&2
      exit 2
    fi
    as_root="sudo"
  fi
  # Java does not install without the folder of manual pages, which small container images lack.
  $as_root mkdir -p /usr/share/man/man1
  $as_root apt-get update -qq
  # shellcheck disable=SC2086  # a list of words
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null
}

# Whether build/raspc exists and is newer than everything it is built from.
is_command_current() {
  [ -x build/raspc ] && [ -z "$(find CMakeLists.txt cmake base grammar runtime compiler automata frontends lab cli \
    programs -newer build/raspc -type f -print -quit)" ]
}

# show_progress LOG PID: the progress of the build that writes to LOG, until the process ends: on one
# line of a terminal, else a line every half minute.
show_progress() {
  waited=0
  while kill -0 "$2" 2> /dev/null; do
    step=$(sed -n 's/^\[\([0-9]*\/[0-9]*\)\].*/\1/p' "$1" | tail -n 1)
    if [ -t 1 ]; then
      printf '\r  %s steps ' "${step:-0}"
    elif [ $((waited % 30)) -eq 29 ]; then
      echo "  ${step:-0} steps"
    fi
    waited=$((waited + 1))
    sleep 1
  done
  if [ -t 1 ]; then printf '\r\033[K'; fi
}

# configure_and_build TARGET...: builds the targets in build/; all of the output only on failure.
configure_and_build() {
  log=$(mktemp)
  building=
  # shellcheck disable=SC2154  # set below
  trap 'rm -f "$log"; [ -z "$building" ] || kill "$building" 2> /dev/null || true' EXIT
  [ -x build/raspc ] || echo "Building; this takes some minutes the first time."
  # shellcheck disable=SC2086  # a list of words
  # Without what python/run-tests builds there: its environment may be gone.
  { cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release -DRASPC_PYTHON=OFF ${RASPC_CMAKE_OPTIONS:-} &&
    cmake --build build --target "$@"; } > "$log" 2>&1 &
  building=$!
  show_progress "$log" "$building"
  if ! wait "$building"; then
    tail -n 100 "$log" >&2
    echo "error: the build failed" >&2
    exit 2
  fi
  building=
  rm -f "$log"
  trap - EXIT
}
