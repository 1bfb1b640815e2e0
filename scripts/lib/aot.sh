# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
#
# Sourced after setup.sh: the AOT cache that halves the start. Everything here may fail without a word: a start without
# the cache, or with one that the JVM does not accept, only takes longer.
#
# Sets `aot_cache` to the file beside the jar, and beside that stands what it was made from: the JVM and its options. The
# JVM itself compares the jar.
: "${root:?must be set by setup.sh}" "${jar:?must be set by setup.sh}"
java_home=${java_home:-} java_version=${java_version:-0}
aot_first_version=25
aot_cache=""
aot_state=""

aot_supported() {
    ((java_version >= aot_first_version)) && [[ ${GHOSTFD_AOT:-on} != off ]]
}

# Call it once java_home, java_version and jar are known; "$@" are the JVM's options.
aot_locate() {
    local release=""
    aot_cache=${jar%.jar}.aot
    if [[ -r $java_home/release ]]; then release=$(<"$java_home/release"); fi
    aot_state="$java_home"$'\n'"$release"$'\n'"$*"
}

# Whether the cache, or the failure to make one, is of this jar, JVM and options.
aot_up_to_date() {
    [[ -r $aot_cache.of && $aot_cache.of -nt $jar && $(<"$aot_cache.of") == "$aot_state" ]]
}

aot_usable() {
    [[ -s $aot_cache ]] && aot_up_to_date
}

# Makes the cache with the options "$@"; takes five seconds. Under another name first: a start must never see half of it.
# Twice at most: the assembly in JDK 25 crashes once in a while.
aot_make() {
    local part=$aot_cache.$BASHPID attempt
    for attempt in 1 2; do
        if aot_train "$part" "$@" && [[ -s $part ]]; then
            chmod 644 "$part"
            mv -f "$part" "$aot_cache"
            break
        fi
        if ((attempt == 2)); then rm -f "$aot_cache"; fi
    done
    # Also after a failure: the next start shall not try the same again.
    echo "$aot_state" >"$aot_cache.of"
    rm -f "$part"*
    [[ -s $aot_cache ]]
}

aot_train() {
    local part=$1
    shift
    env -u JAVA_TOOL_OPTIONS -u JDK_AOT_VM_OPTIONS GHOSTFD_PRIVILEGES=keep timeout 300 "$java_home/bin/java" \
        -XX:AOTCacheOutput="$part" -XX:-CreateCoredumpOnCrash -XX:ErrorFile="$part.error" "$@" -jar "$jar" warm-up \
        </dev/null >"$part.log" 2>&1
}

# The same beside the program that is about to start, on time that nobody else wants; a child of nobody, since the program
# may count its own. One at a time.
aot_make_in_background() {
    local -a idle=(nice -n 19)
    [[ -w ${aot_cache%/*} ]] || return 0
    if command -v chrt >/dev/null; then idle=(chrt --idle 0); fi
    (
        exec </dev/null >/dev/null 2>&1
        exec {lock}>"$aot_cache.lock"
        flock --nonblock "$lock" || exit 0
        # shellcheck disable=SC2016 # filled in by the inner shell
        exec "${idle[@]}" setsid bash -c 'root=$1 jar=$2 java_home=$3 java_version=$4; shift 4
            source "$root/scripts/lib/aot.sh"
            aot_locate "$@"
            aot_make "$@"
            # What root made in a clone of a user is handed to that user.
            [[ -O $root ]] || chown --reference="$root" "$aot_cache"*' aot "$root" "$jar" "$java_home" "$java_version" "$@" &
    )
}
