#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Compiles the BPF programs: bpf/build.sh OUTPUT [-DGHOSTFD_DIRECT_LOADS]
# With the macro for kernels from 6.2 on, see load.bpf.h; without it for all.
# CLANG and LLVM_STRIP name other tools than those found on PATH.
set -euo pipefail

die() {
    echo "bpf/build.sh: $*" >&2
    exit 1
}

# Debian installs llvm-strip with a version suffix too, sometimes only so.
find_strip() {
    local tool
    for tool in "${LLVM_STRIP:-llvm-strip}" llvm-strip-{30..14}; do
        if command -v "$tool"; then return; fi
    done
}

if (($# != 1)) && [[ $# != 2 || $2 != -DGHOSTFD_DIRECT_LOADS ]]; then
    die "usage: bpf/build.sh OUTPUT [-DGHOSTFD_DIRECT_LOADS]"
fi
mkdir -p "$(dirname "$1")"
output=$(realpath "$1")
macros=("${@:2}")
# Relative source names keep this machine's paths out of the object.
cd "$(dirname "${BASH_SOURCE[0]}")/.."

clang=${CLANG:-clang}
command -v "$clang" >/dev/null || die "clang is missing; install it (Debian: apt-get install clang llvm libbpf-dev)"

machine=$(uname -m)
case $machine in
    x86_64) arch=x86 ;;
    aarch64) arch=arm64 ;;
    *) die "machine type $machine is not supported (x86_64 and aarch64 are)" ;;
esac
# unused-parameter: libbpf's BPF_PROG declares a ctx that most programs have no use for.
flags=(-O2 -g -target bpf -mcpu=v3 "-D__TARGET_ARCH_$arch" -Wall -Wextra -Wno-unused-parameter -Werror
    -I bpf)

echo '#include <bpf/bpf_helpers.h>' | "$clang" "${flags[@]}" -E -x c - >/dev/null 2>&1 ||
    die "the libbpf headers (bpf/bpf_helpers.h) are missing; install them (Debian: apt-get install libbpf-dev)"

# Written aside and moved, so that an interrupted build leaves no half object behind.
partial=$output.partial
trap 'rm -f "$partial"' EXIT
"$clang" "${flags[@]}" "${macros[@]}" -c bpf/ghostfd.bpf.c -o "$partial"

# DWARF is of no use to the loader and two thirds of the size; BTF stays.
strip=$(find_strip)
if [[ -n $strip ]]; then
    "$strip" -g "$partial"
else
    echo "bpf/build.sh: no llvm-strip, the object keeps its debug sections" >&2
fi
mv "$partial" "$output"
