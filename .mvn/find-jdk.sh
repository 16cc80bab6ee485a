#!/bin/sh
# find-jdk.sh [TOOL [ROOT]] prints the home of a Java 25, or else of the first newer one, that has bin/TOOL (default
# javac; the launcher needs only java). ROOT is prepended to the system's folders; tests use it.
#
# The launcher runs this at every start, so versions are read from the `release` files with the shell's own means;
# a Java is started to ask for its version only if none with such a file is suitable.

set -eu
set +f # a caller's `sh -f` would disable the patterns below

# A relative or empty entry of the PATH means the current directory, often somebody else's repository: its programs
# must not be used.
rest=${PATH-}: path=
while [ -n "$rest" ]; do
    case $rest in
        /*) path=${path:+$path:}${rest%%:*} ;;
    esac
    rest=${rest#*:}
done
PATH=${path:-/usr/bin:/bin}

wanted=25
tool=${1:-javac}
root=${2-}
user=${HOME:-/nonexistent}
newer=

judge() {
    feature=${feature%%[!0-9]*}
    [ "${feature:-0}" -ge "$wanted" ] && [ -x "$home/bin/$tool" ] || return 0
    if [ "$feature" -eq "$wanted" ]; then
        printf '%s\n' "$home"
        exit 0
    fi
    newer=${newer:-$home}
}

read_versions() {
    for java; do
        home=${java%/*/*}
        { [ -x "$java" ] && [ -r "$home/release" ]; } || continue
        feature=
        while read -r line || [ -n "$line" ]; do
            case $line in
                JAVA_VERSION=*)
                    feature=${line#*=}
                    feature=${feature#\"}
                    break
                    ;;
            esac
        done <"$home/release"
        judge
    done
}

# It asks for the home too: a version manager's shim and macOS's /usr/bin/java are not in one.
ask_versions() {
    for java; do
        { [ -x "$java" ] && [ ! -r "${java%/*/*}/release" ]; } || continue
        home='' feature=''
        while read -r key _ value; do
            case $key in
                java.home) home=$value ;;
                java.specification.version) feature=$value ;;
            esac
        done <<END
$("$java" -XshowSettings:properties -version 2>&1 </dev/null)
END
        judge
    done
}

set -- ${JAVA_HOME:+"$JAVA_HOME/bin/java"}
read_versions "$@" # first and alone, because searching the PATH starts processes

if java=$(command -v java); then
    while [ -L "$java" ]; do
        link=$(readlink "$java" 2>/dev/null) || break
        case $link in
            /*) java=$link ;;
            *) java=${java%/*}/$link ;;
        esac
    done
    set -- "$@" "$java"
fi

set -- "$@" \
    "$root"/usr/lib/jvm/*/bin/java \
    "$root"/usr/lib64/jvm/*/bin/java \
    "$root"/usr/java/*/bin/java \
    "$root"/opt/java*/bin/java \
    "$root"/opt/java/*/bin/java \
    "$root"/opt/jdk*/bin/java \
    "${SDKMAN_DIR:-$user/.sdkman}"/candidates/java/*/bin/java \
    "$user"/.jdks/*/bin/java \
    "$user"/.local/share/mise/installs/java/*/bin/java \
    "$user"/.asdf/installs/java/*/bin/java \
    "$root"/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java \
    "$user"/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java \
    "$root"/opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home/bin/java \
    "$root"/usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home/bin/java
read_versions "$@"
[ -n "$newer" ] || ask_versions "$@"

if [ -z "$newer" ]; then
    echo "phone-opus needs Java $wanted or newer and found none: install a JDK $wanted, for example from https://adoptium.net, or set JAVA_HOME to one." >&2
    exit 3
fi
printf '%s\n' "$newer"
