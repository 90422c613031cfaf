# SPDX-License-Identifier: Apache-2.0
# Sourced by the commands beside it: finds the project, installs what it needs, builds, starts its programs.

# Daemons such as krb5kdc are not where the path of every user leads.
PATH=$PATH:/usr/sbin:/sbin

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        die "needs root or sudo for: $*"
    fi
}

# need PROGRAM PACKAGE [PROGRAM PACKAGE]…: installs the packages whose programs are missing.
need() {
    local missing=()
    while [ $# -gt 0 ]; do
        command -v "$1" >/dev/null 2>&1 || missing+=("$2")
        shift 2
    done
    [ ${#missing[@]} -eq 0 ] || install_packages "${missing[@]}"
}

install_packages() {
    echo "installing: $*" >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

# Java 17 or later, Maven, and the CoAP proxy and client of another make that the end-to-end runs talk through.
need_toolchain() {
    need javac openjdk-17-jdk-headless mvn maven coap-server-notls libcoap3-bin xxd xxd
}

# DTLS implementations of other makes, and an analyser of packets.
need_peers() {
    need openssl openssl gnutls-serv gnutls-bin coap-server-openssl libcoap3-bin tshark tshark
}

# What only the tests use: readers of tokens of another make, the kernel's own SA database to compare with, a PKCS#11 token.
need_for_tests() {
    need_peers
    need ip iproute2 softhsm2-util softhsm2
    need krb5kdc krb5-kdc kadmin.local krb5-admin-server kinit krb5-user
    /usr/bin/python3 -c 'import cbor2, cryptography, jwcrypto' 2>/dev/null ||
        install_packages python3-cbor2 python3-cryptography python3-jwcrypto
}

# maven ARGUMENTS…: with the network if there is one, else from the local cache.
maven() {
    local log
    log=$(mktemp)
    if mvn -B -f "$home/pom.xml" "$@" 2>&1 | tee "$log"; [ "${PIPESTATUS[0]}" -eq 0 ]; then
        rm -f "$log"
        return 0
    fi
    # Only a build that could not reach its dependencies deserves a second try.
    if grep -qE 'Could not (resolve|transfer)|Unknown host|Connection refused|Network is unreachable' "$log"; then
        rm -f "$log"
        echo "no registry reached: trying again from the local cache" >&2
        mvn -B -o -f "$home/pom.xml" "$@"
        return
    fi
    rm -f "$log"
    return 1
}

# Builds the programs, unless they are newer than every source.
build_programs() {
    local stamp=$home/samd/target/lib/.built
    if [ -e "$stamp" ] && [ -z "$(find "$home" \( -name target -o -name .git \) -prune -o \
        \( -name '*.java' -o -name '*.proto' -o -name pom.xml -o -path '*/src/main/resources/*' \) -newer "$stamp" -print -quit)" ]; then
        return
    fi
    echo "building samd (the first time this fetches its dependencies) …" >&2
    local log
    log=$(mktemp)
    if ! maven -q package -DskipTests -Dspotless.check.skip=true >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        die "the build failed"
    fi
    rm -f "$log"
    archive_classes
    touch "$stamp"
}

# class_path LIBRARY_DIRECTORY: its jars in a fixed order, which class archives ask for.
class_path() {
    local jars
    jars=$(printf '%s:' "$1"/*.jar)
    echo "${jars%:}"
}

# run_java LIBRARY_DIRECTORY MAIN_CLASS ARGUMENTS…: replaces the shell by the program.
#
# A class archive, where archive_classes has left one, halves the start. It belongs to one build and one JDK: a JVM that it
# does not fit goes on without it.
run_java() {
    local lib=$1 main=$2
    shift 2
    [ -d "$lib" ] || die "not built: run bin/quickstart or bin/test first"
    local sharing=()
    [ -e "$lib/$main.jsa" ] && sharing=(-XX:SharedArchiveFile="$lib/$main.jsa" -Xlog:cds=off -Xlog:cds+dynamic=off)
    # shellcheck disable=SC2086
    exec java ${java_flags:--XX:+UseSerialGC} ${SAMD_JAVA_OPTS:-} "${sharing[@]}" -cp "$(class_path "$lib")" "$main" "$@"
}

# Archives the classes of samd, kmpd and samctl, by one short run of each. A start without archives is only slower, so
# nothing that goes wrong here matters.
archive_classes() {
    local dir samd_pid kmpd_pid
    dir=$(mktemp -d)
    archived_run "$home/samd/target/lib" dev.samd.daemon.Main --socket "$dir/app.sock" --state-dir "$dir/state" \
        >"$dir/samd.out" 2>&1 &
    samd_pid=$!
    eventually grep -q "samd ready" "$dir/samd.out" || true
    printf 'socket: %s\nace:\n  client:\n    tokens: []\n' "$dir/app.sock" >"$dir/kmpd.yaml"
    archived_run "$home/kmp-plugins/kmp-host/target/lib" dev.samd.kmp.host.Main --config "$dir/kmpd.yaml" \
        >"$dir/kmpd.out" 2>&1 &
    kmpd_pid=$!
    eventually grep -q "registered" "$dir/kmpd.out" || true
    (archived_run "$home/clients/samctl/target/lib" dev.samd.samctl.Main --socket "$dir/app.sock" sa list) \
        >"$dir/list" 2>&1 || true
    kill "$kmpd_pid" "$samd_pid" 2>/dev/null
    wait "$kmpd_pid" "$samd_pid" 2>/dev/null || true
    rm -rf "$dir"
}

# archived_run LIBRARY_DIRECTORY MAIN_CLASS ARGUMENTS…: runs the program, and archives its classes at its end.
archived_run() {
    local lib=$1 main=$2
    shift 2
    rm -f "$lib"/*.jsa
    exec java -XX:+UseSerialGC -XX:ArchiveClassesAtExit="$lib/$main.jsa" -cp "$(class_path "$lib")" "$main" "$@"
}

# eventually COMMAND…: repeats it until it succeeds, for 20 s at most.
eventually() {
    for ((i = 0; i < 200; i++)); do
        "$@" 2>/dev/null && return
        sleep 0.1
    done
    return 1
}
