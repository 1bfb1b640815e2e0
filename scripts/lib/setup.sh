# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by the scripts in scripts/: finds a JDK, installs what is missing, builds the jar.
# The caller has set `root` to the repository. Everything said here goes to stderr; stdout is the program's.

readonly java_required=22
: "${root:?must be set by the script that sources this}"
jar=$root/java/ghostfd/target/ghostfd.jar
# As scripts/install puts it.
if [[ -e $root/ghostfd.jar ]]; then jar=$root/ghostfd.jar; fi

say() {
    echo "ghostfd: $*" >&2
}

die() {
    say "$@"
    exit 1
}

# ---- Java ----------------------------------------------------------------------------------------------------------

# Sets java_version to the feature version (25) of the JDK in $1, or to 0. Reads the JDK's release file: starting
# each JVM only to ask for its version would take longer than the rest of this script.
java_version=0
read_java_version() {
    local line version=""
    java_version=0
    [[ -x $1/bin/java ]] || return 0
    if [[ -r $1/release ]]; then
        while IFS= read -r line; do
            if [[ $line == JAVA_VERSION=* ]]; then version=${line#JAVA_VERSION=}; fi
        done <"$1/release"
    else
        version=$("$1/bin/java" -version 2>&1 | sed -n '1s/.*version \("[^"]*"\).*/\1/p') || true
    fi
    version=${version//\"/}
    version=${version#1.}
    version=${version%%[!0-9]*}
    java_version=${version:-0}
}

# Tells whether $1 holds a Java that is new enough; with $2=jdk it must have the compiler too.
java_fits() {
    read_java_version "$1"
    ((java_version >= java_required)) && [[ $2 != jdk || -x $1/bin/javac ]]
}

java_on_path() {
    local java
    java=$(command -v java) || return 1
    java=$(readlink -f "$java")
    echo "${java%/bin/java}"
}

# sudo drops JAVA_HOME and the home directory, so the calling user's own JDKs are looked for as well.
java_directories() {
    local home=${HOME:-/root}
    if [[ -n ${SUDO_USER:-} ]]; then home=$(getent passwd "$SUDO_USER" | cut -d: -f6); fi
    shopt -s nullglob
    printf '%s\n' /usr/lib/jvm/* /opt/*jdk* /opt/java/* /usr/java/* /usr/local/*jdk* \
        "$home"/.sdkman/candidates/java/* "$home"/.jdks/*
    shopt -u nullglob
}

# Sets java_home and java_version: JAVA_HOME if it fits, else the java on PATH, else the newest found.
java_home=""
find_java() {
    local kind=$1 directory best=""
    local -i best_version=0
    java_home=""
    # Brought along by scripts/install --runtime.
    if [[ $kind == jre ]] && java_fits "$root/runtime" jre; then
        java_home=$root/runtime
        return 0
    fi
    for directory in "${JAVA_HOME:-}" "$(java_on_path)"; do
        if [[ -n $directory ]] && java_fits "$directory" "$kind"; then
            java_home=$directory
            return 0
        fi
    done
    while IFS= read -r directory; do
        if java_fits "$directory" "$kind" && ((java_version > best_version)); then
            best=$directory best_version=$java_version
        fi
    done < <(java_directories)
    [[ -n $best ]] || return 1
    java_home=$best java_version=$best_version
}

# One line per Java that was found and why it does not do.
list_javas() {
    local directory seen=" " real
    while IFS= read -r directory; do
        [[ -n $directory && -x $directory/bin/java ]] || continue
        real=$(readlink -f "$directory")
        if [[ $seen == *" $real "* ]]; then continue; fi
        seen+="$real "
        read_java_version "$directory"
        if [[ -x $directory/bin/javac ]]; then
            echo "  found $directory: version $java_version"
        else
            echo "  found $directory: version $java_version, without a compiler"
        fi
    done < <(echo "${JAVA_HOME:-}"; java_on_path || true; java_directories)
}

explain_missing_java() {
    local package
    say "missing: a JDK $java_required or newer (looked at JAVA_HOME=${JAVA_HOME:-}, java on PATH, /usr/lib/jvm, /opt, /usr/java, ~/.sdkman, ~/.jdks)"
    list_javas >&2
    package=$(is_debian && java_package "$1") || true
    if [[ -n $package ]]; then
        say "  install it: apt-get install $package"
    else
        say "  unpack one under /usr/lib/jvm or /opt, or name it (sudo drops JAVA_HOME): sudo JAVA_HOME=... scripts/ghostfd"
    fi
}

# The package of the newest long-term version, or of any that fits; empty where the distribution has none.
java_package() {
    local version package
    if can_install && no_package_lists; then update_package_lists; fi
    for version in 25 29 28 27 26 24 23 22; do
        package=openjdk-$version-$1-headless
        # Not through `grep -q`, which leaves once it has found it: apt-cache then fails, and with it the pipeline.
        if [[ $(apt-cache policy "$package" 2>/dev/null) == *"Candidate: "[0-9]* ]]; then
            echo "$package"
            return 0
        fi
    done
}

# ---- Packages ------------------------------------------------------------------------------------------------------

is_debian() {
    command -v apt-get >/dev/null && grep -qsE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release
}

# An installed ghostfd leaves packages to whoever installs; a service could not even write them.
can_install() {
    is_debian && ((EUID == 0)) && [[ -e $root/pom.xml ]]
}

no_package_lists() {
    ! compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null
}

update_package_lists() {
    say "updating the package lists ..."
    apt-get -q update >/dev/null 2>&1 || true
}

install_packages() {
    local log
    log=$(mktemp -t ghostfd-apt.XXXXXX)
    if no_package_lists; then update_package_lists; fi
    say "installing $* ..."
    # Lists that are out of date name files that the mirror no longer has: fetch new ones and try once more.
    if ! apt_install "$@" >"$log" 2>&1; then
        update_package_lists
        if ! apt_install "$@" >"$log" 2>&1; then
            tail -n 15 "$log" >&2
            die "could not install $*; the whole output is in $log"
        fi
    fi
    rm -f "$log"
}

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "$@" </dev/null
}

has_library() {
    compgen -G "/usr/lib/*/$1" >/dev/null || compgen -G "/lib/*/$1" >/dev/null ||
        [[ -e /usr/lib64/$1 || -e /usr/lib/$1 || -e /lib64/$1 || -e /usr/local/lib/$1 || -e /usr/local/lib64/$1 ]]
}

# Tells whether the thing named $1 is there.
has() {
    case $1 in
        jdk | jre) find_java "$1" ;;
        libbpf) has_library libbpf.so.1 ;;
        libelf) has_library libelf.so.1 ;;
        libdw) has_library libdw.so.1 ;;
        libbpf-headers) [[ -e /usr/include/bpf/bpf_helpers.h || -e /usr/local/include/bpf/bpf_helpers.h ]] ;;
        llvm-strip) compgen -c llvm-strip >/dev/null ;;
        # Looked up where Debian's packages are: a python of the user's own, first in PATH, does not see them.
        prometheus-client) /usr/bin/python3 -c 'import prometheus_client' 2>/dev/null ;;
        # Debian keeps PostgreSQL's server out of PATH.
        postgres) command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null ;;
        gcc) command -v gcc >/dev/null && [[ -e /usr/include/stdio.h ]] ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

# The packages that bring the thing named $2, in the names of package manager $1.
packages_for() {
    case $1:$2 in
        apt-get:jdk | apt-get:jre) java_package "$2" ;;
        apt-get:libbpf) echo libbpf1 ;;
        apt-get:libelf) echo libelf1 ;;
        apt-get:libdw) echo libdw1 ;;
        apt-get:libbpf-headers) echo libbpf-dev ;;
        apt-get:gcc) echo gcc libc6-dev ;;
        apt-get:go) echo golang-go ;;
        apt-get:node) echo nodejs ;;
        apt-get:promtool) echo prometheus ;;
        apt-get:prometheus-client) echo python3-prometheus-client ;;
        apt-get:chromedriver) echo chromium-driver ;;
        apt-get:ab) echo apache2-utils ;;
        apt-get:opensnoop) echo libbpf-tools ;;
        apt-get:nginx) echo nginx-light ;;
        apt-get:postgres) echo postgresql postgresql-client ;;
        apt-get:busybox) echo busybox-static ;;
        *:man) echo man-db ;;
        *:systemd-analyze) echo systemd ;;
        apt-get:qemu-system-x86_64) echo qemu-system-x86 ;;
        dnf:ab) echo httpd-tools ;;
        dnf:postgres) echo postgresql-server postgresql-contrib ;;
        dnf:redis-server) echo redis ;;
        dnf:libelf) echo elfutils-libelf ;;
        dnf:libdw) echo elfutils-libs ;;
        dnf:libbpf-headers) echo libbpf-devel ;;
        dnf:go) echo golang ;;
        dnf:rustc) echo rust ;;
        dnf:promtool) echo golang-github-prometheus ;;
        dnf:prometheus-client) echo python3-prometheus_client ;;
        dnf:node) echo nodejs ;;
        *:llvm-strip) echo llvm ;;
        *:mvn) echo maven ;;
        *) echo "$2" ;;
    esac
}

package_manager() {
    local manager
    for manager in apt-get dnf zypper pacman apk; do
        if command -v "$manager" >/dev/null; then
            echo "$manager"
            return 0
        fi
    done
}

# The command with which package manager $1 installs package $2.
install_command() {
    case $1 in
        "") echo "your distribution's package manager, package $2" ;;
        pacman) echo "pacman -S $2" ;;
        apk) echo "apk add $2" ;;
        *) echo "$1 install $2" ;;
    esac
}

explain_missing() {
    local manager
    case $1 in
        jdk | jre) explain_missing_java "$1" ;;
        *)
            manager=$(package_manager)
            say "missing: $1; install it: $(install_command "$manager" "$(packages_for "$manager" "$1")")"
            ;;
    esac
}

# Installs those of the named things that are missing; where it cannot, lists them with a command each and stops.
# `jdk` and `jre` set java_home. `--optional NAME` is installed where that is possible and not asked for otherwise.
require() {
    local name package optional=no
    local -a needed=() packages=() unavailable=()
    for name in "$@"; do
        if [[ $name == --optional ]]; then
            optional=yes
            continue
        fi
        if ! has "$name"; then
            package=""
            if can_install; then package=$(packages_for apt-get "$name"); fi
            # shellcheck disable=SC2206 # one thing may take several packages
            packages+=($package)
            if [[ $optional == no ]]; then
                needed+=("$name")
                if [[ -z $package ]]; then unavailable+=("$name"); fi
            fi
        fi
        optional=no
    done

    if ((${#unavailable[@]} > 0)); then
        for name in "${unavailable[@]}"; do explain_missing "$name"; done
        if is_debian && ! can_install; then say "or run this once as root, which installs what can be installed"; fi
        exit 1
    fi
    if ((${#packages[@]} == 0)); then return 0; fi
    install_packages "${packages[@]}"
    for name in "${needed[@]}"; do
        if ! has "$name"; then
            explain_missing "$name"
            exit 1
        fi
    done
}

# ---- Build ---------------------------------------------------------------------------------------------------------

# Tells whether the jar is missing or older than anything it is made of. Without sources (an image) it is final.
jar_is_stale() {
    [[ -e $jar ]] || return 0
    [[ -e $root/pom.xml ]] || return 1
    [[ -n $(find "$root/pom.xml" "$root"/java/ghostfd/pom.xml "$root/bpf" "$root"/java/ghostfd/src/{main,launcher,build} \
        -newer "$jar" -print -quit) ]]
}

build_jar_if_stale() {
    local lock
    jar_is_stale || return 0
    # The directory itself is the lock: nothing to create, nothing that `mvn clean` could delete.
    exec {lock}<"$root"
    if ! flock --nonblock "$lock"; then
        say "waiting for another build ..."
        flock "$lock"
    fi
    # The other start may have built it meanwhile.
    if jar_is_stale; then build_jar; fi
    exec {lock}<&-
}

build_jar() {
    local log started
    [[ -e $root/pom.xml ]] || die "$jar is missing, and so are the sources to build it from"
    require jdk mvn clang llvm-strip libbpf-headers
    if [[ -e $jar ]]; then
        say "building (the sources are newer than the jar) ..."
    else
        say "building (first time, about a minute) ..."
    fi
    log=$(mktemp -t ghostfd-build.XXXXXX)
    started=$(date +%s.%N)
    if ! run_maven -Dquick -Dmaven.test.skip=true -pl java/ghostfd -am package >"$log" 2>&1; then
        give_back_build
        show_build_errors "$log" >&2
        die "the build failed; the whole output is in $log"
    fi
    # A source that was saved while Maven ran must count as newer than this jar.
    touch -d "@$started" "$jar"
    give_back_build
    rm -f "$log"
}

# What the compilers said, without Maven's advice on how to run Maven.
show_build_errors() {
    grep -E '^\[ERROR\]|\[exec\]' "$1" |
        grep -vE '^\[ERROR\] *$|\[Help 1\]|re-run Maven|Re-run Maven|For more information|After correcting|mvn <args>' |
        tail -n 25 || tail -n 25 "$1"
}

# Maven on the JDK that was found, from the repository's root.
run_maven() {
    (cd "$root" && JAVA_HOME=$java_home exec mvn -B -ntp "$@" </dev/null)
}

# What root built in a user's clone is handed to that user, who could not rebuild or delete it otherwise.
give_back_build() {
    if ((EUID != 0)) || [[ -O $root ]]; then return 0; fi
    find "$root" -name target -prune -exec chown -R --reference="$root" {} +
}
