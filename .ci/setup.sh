# Sets up and builds; sourced by quickstart.sh and test.sh from the root of the repository.
#
# Installs the Debian packages that are missing, and configures and builds into build/. Quiet when
# there is nothing to do. Needs a Debian 12 machine or one like it, and root or sudo if a package is
# missing.

# What the build, the command and the tests need. antlr4 brings the Java it runs on; graphviz draws
# the pictures of `raspc lab classify`.
# Boost.Graph is all headers, which libboost-dev has.
packages="g++ cmake ninja-build ccache antlr4 libantlr4-runtime-dev libeigen3-dev libboost-dev
  nlohmann-json3-dev libfmt-dev libcli11-dev catch2 graphviz"

# What only the tests need: the program of docs/model-file.md runs models with numpy.
test_packages="python3-numpy"

# install_missing_packages PACKAGE...
install_missing_packages() {
  if ! command -v dpkg-query > /dev/null; then
    echo "This is no Debian system: these packages must be there already:" "$@"
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
      echo "error: installing them takes root, and there is no sudo; as root, run" >&2
      echo "  apt-get install --no-install-recommends$missing" >&2
      exit 2
    fi
    as_root="sudo"
  fi
  # Java does not install where the manual's folder was left out, as in small container images.
  $as_root mkdir -p /usr/share/man/man1
  $as_root apt-get update -qq
  # shellcheck disable=SC2086  # a list of words
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing > /dev/null
}

# configure_and_build TARGET...: builds the targets in build/; all of the output only on failure.
configure_and_build() {
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  [ -x build/raspc ] || echo "Building; this takes some minutes the first time."
  if ! { cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Release ${RASPC_CMAKE_OPTIONS:-} &&
    cmake --build build --target "$@"; } > "$log" 2>&1; then
    tail -n 100 "$log" >&2
    echo "error: the build failed" >&2
    exit 2
  fi
  rm -f "$log"
  trap - EXIT
}
