# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# shellcheck disable=SC2034,SC2154 # variables of the caller
#
# Sourced after setup.sh by scripts that try ghostfd on other Debians: fresh root file systems, kernels, and machines that
# QEMU makes of them. Everything comes from the mirror that this machine's apt is set up for and is kept for a week. The
# caller has set tmp to a folder of its own.

readonly cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/ghostfd
readonly kernels=$cache/kernels

# Where this machine's apt gets Debian's own packages from.
debian_mirror() {
    local mirror
    if can_install && no_package_lists; then update_package_lists; fi
    # shellcheck disable=SC2016 # apt-get fills them in
    mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
        sed -n 's/^Debian Debian //p' | head -n 1)
    [[ -n $mirror ]] || die "this machine's apt is not set up for a Debian mirror (or has no lists yet: apt-get update)"
    echo "$mirror"
}

# Runs a command and shows what it says only if it fails.
quietly() {
    if "$@" >"$tmp/log" 2>&1; then return 0; fi
    tail -n 10 "$tmp/log" >&2
    return 1
}

# ---- Root file systems ---------------------------------------------------------------------------------------------

# Makes a fresh Debian of suite $1 in the folder $2; what this machine needs to reach a mirror, that one needs too.
fresh_debian() {
    local kept=$cache/debian/$1.tar mirror
    mkdir -p "$cache/debian" "$2"
    find "$cache/debian" -name '*.tar' -mtime +7 -delete
    if [[ ! -e $kept ]]; then
        mirror=$(debian_mirror) || return 1
        quietly debootstrap --variant=minbase "$1" "$tmp/made" "$mirror" || die "debootstrap failed"
        tar -C "$tmp/made" -cf "$kept.$$" .
        mv "$kept.$$" "$kept"
        rm -rf --one-file-system "$tmp/made"
    fi
    tar -C "$2" -xf "$kept"
    cp -L /etc/resolv.conf /etc/hosts "$2/etc/"
    cp -rT /usr/local/share/ca-certificates "$2/usr/local/share/ca-certificates" 2>/dev/null || true
    find /etc/apt/apt.conf.d -iname '*proxy*' -exec cp {} "$2/etc/apt/apt.conf.d/" \;
}

# ---- Kernels from Debian -------------------------------------------------------------------------------------------

suite_of() {
    case $1 in
        5.10) echo bullseye ;;
        6.1) echo bookworm ;;
        6.12) echo trixie ;;
        sid) echo sid ;;
    esac
}

# Sets apt_options to an apt of its own beside the machine's, which knows suite $1 only. What the machine's says about
# proxies, certificates and passwords holds for it too.
private_apt() {
    local directory=$kernels/apt/$1 keyring=/usr/share/keyrings/debian-archive-keyring.gpg trust="" mirror
    mirror=$(debian_mirror) || return 1
    mkdir -p "$directory"/{lists/partial,archives/partial}
    if [[ -e $keyring ]]; then trust="[signed-by=$keyring] "; fi
    echo "deb $trust$mirror $1 main" >"$directory/sources.list"
    apt_options=(-q -o "Dir::State=$directory" -o "Dir::State::Lists=$directory/lists" -o Dir::State::status=/dev/null
        -o "Dir::Cache=$directory" -o "Dir::Etc::sourcelist=$directory/sources.list" -o Dir::Etc::sourceparts=-
        -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o APT::Sandbox::User=)
}

# The package with the newest kernel for virtual machines. In sid the image stands in linux-binary-VERSION, and
# linux-image-VERSION only depends on that.
newest_package() {
    local names kind
    names=$(apt-cache "${apt_options[@]}" pkgnames linux- | grep -E '^linux-(binary|image)-[0-9].*-cloud-amd64$')
    for kind in binary image; do
        if grep "^linux-$kind-" <<<"$names" | sort -V | tail -n 1 | grep .; then return 0; fi
    done
    return 1
}

is_fresh() {
    [[ -z ${GHOSTFD_KERNELS_UPDATE:-} && -n $(find "$1" -mtime -7 2>/dev/null) ]]
}

# Puts the kernel named $1 at $kernels/$1, unless the one there is new enough.
fetch_kernel() {
    mkdir -p "$kernels"
    if is_fresh "$kernels/$1"; then return 0; fi
    say "fetching the kernel of $(suite_of "$1") ..."
    if download_kernel "$1"; then return 0; fi
    [[ -e $kernels/$1 ]] || die "could not fetch kernel $1"
    say "could not look for a newer kernel $1: using the one kept from $(date -r "$kernels/$1" +%F)"
}

download_kernel() {
    local downloads=$tmp/download-$1 package
    private_apt "$(suite_of "$1")" || return 1
    quietly apt-get "${apt_options[@]}" update || return 1
    package=$(newest_package) || {
        say "$(suite_of "$1") has no kernel image for virtual machines"
        return 1
    }
    mkdir "$downloads"
    (cd "$downloads" && quietly apt-get "${apt_options[@]}" download "$package") || return 1
    # tar complains about the one of the two places where a package does not have it.
    dpkg-deb --fsys-tarfile "$downloads"/*.deb 2>/dev/null |
        tar -xO --wildcards './boot/vmlinuz-*' './usr/lib/modules/*/vmlinuz' >"$tmp/vmlinuz" 2>/dev/null || true
    if [[ ! -s $tmp/vmlinuz ]]; then
        say "$package holds no kernel"
        return 1
    fi
    # Moved, so that a kernel in the cache is always whole.
    cp "$tmp/vmlinuz" "$kernels/$1.$$"
    mv "$kernels/$1.$$" "$kernels/$1"
}

# ---- Machines ------------------------------------------------------------------------------------------------------

# Boots the kernel named $1 with the initramfs $2 and $3 MiB of memory, for at most $4 seconds, with the words $5... on its
# command line, as the background process `machine`; what it writes to its second serial line can be read from
# $tmp/report-$1, and the console goes to a file.
# One thread emulates both processors: with one each, QEMU now and then lets a processor run code that the other has just
# patched, or loses an interrupt between them, and the kernel dies or hangs of it in odd places.
# Without cx16, because QEMU 7.2 (Debian 12) computes wrong flags for cmpxchg16b, with the same result.
boot() {
    local kernel=$1 initramfs=$2 memory=$3 limit=$4
    local arguments="console=ttyS0 mitigations=off watchdog_thresh=30 softlockup_panic=1 panic=-1 rdinit=/init ${*:5}"
    rm -f "$tmp/report-$kernel"
    mkfifo "$tmp/report-$kernel"
    timeout --foreground --kill-after=10 "$limit" qemu-system-x86_64 -accel tcg,thread=single -cpu Nehalem,-cx16 \
        -smp 2 -m "$memory" -nodefaults -display none -no-reboot -serial "file:$tmp/console-$kernel" -serial stdio \
        -kernel "$kernels/$kernel" -initrd "$initramfs" -append "$arguments" \
        </dev/null >"$tmp/report-$kernel" 2>"$tmp/qemu-$kernel" &
    machine=$!
}

# Reads and prints the report of the machine that was booted with kernel $1: `KERNEL VERSION`, `CHECK NAME ok|FAIL DETAIL` and
# at last `END` go to the caller's version, verdicts and ended.
read_report() {
    local line word name verdict detail
    while IFS= read -r line; do
        read -r word name verdict detail <<<"${line%$'\r'}"
        case $word in
            KERNEL) version=$name ;;
            CHECK)
                printf '%-26s %-7s %-5s %s\n' "$version" "$name" "$verdict" "$detail"
                verdicts["$name"]=$verdict
                ;;
            END) ended=yes ;;
            *) say "$1 said: $line" ;;
        esac
    done <"$tmp/report-$1"
    wait "$machine" || true
    machine=""
}
