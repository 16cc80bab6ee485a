#!/bin/sh
# warm.sh [FILE] creates the start-up cache of this installation, or FILE, for the Java that the launcher uses.
# It starts a server, does a handshake, lists the tools and consults the bundled stand-in, and does the same at a
# terminal; Java records what it loaded.
# Takes some seconds, so it runs at build time and by `phone-opus doctor --warm`, never in a normal start.

set -eu

home=$(CDPATH='' cd -P -- "${0%/*}/.." && pwd -P)
cache=${1:-$home/lib/phone-opus.jsa}
if ! [ -w "${cache%/*}" ]; then
    echo "phone-opus: ${cache%/*} cannot be written, so no start-up cache was made: run this as its owner." >&2
    exit 1
fi
# Written beside its place, so that servers using the old one keep it.
new=$cache.$$
scratch=$(mktemp -d)
trap 'rm -rf "$scratch" "$new"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$scratch/home" "$scratch/repository"
mkfifo "$scratch/in" "$scratch/out"

# Without the caller's settings: the cache is for every user.
# launcher OPTION OPTIONS WORD...
launcher() {
    option=$1 options=$2
    shift 2
    env -i PATH="$PATH" HOME="$scratch/home" LC_ALL=C.UTF-8 ${JAVA_HOME:+"JAVA_HOME=$JAVA_HOME"} \
        PHONE_OPUS_STATE_DIR="$scratch/state" PHONE_OPUS_WARM="$option" PHONE_OPUS_JAVA_OPTS="$options" \
        "$home/bin/phone-opus" "$@"
}

launcher "-XX:DumpLoadedClassList=$scratch/classes" '' --demo <"$scratch/in" >"$scratch/out" 2>"$scratch/log" &
server=$!
exec 3>"$scratch/in" 4<"$scratch/out"

say() { printf '%s\n' "$1" >&3; }
hear() {
    answer=
    while read -r answer <&4; do
        case $answer in *'"id":'$1[,}]*) return ;; esac
    done
    answer=
}

say '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"warm","version":"1"}}}'
hear 1
say '{"jsonrpc":"2.0","method":"notifications/initialized"}'
say '{"jsonrpc":"2.0","id":2,"method":"tools/list"}'
hear 2
say '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"consult","arguments":{"prompt":"Is this fast?","cwd":"'"$scratch/repository"'"},"_meta":{"progressToken":1}}}'
hear 3
first=$answer
say '{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"consult_jobs","arguments":{"render":"json","mode":"all"}}}'
hear 4
exec 3>&- 4<&-
wait "$server" || :

case $first in
    *'consult ok'*) ;;
    *)
        echo "phone-opus: no start-up cache was made because the server did not answer:" >&2
        tail -n 3 "$scratch/log" >&2
        exit 1
        ;;
esac
for words in 'ask --demo fast' jobs; do
    # shellcheck disable=SC2086 # split into words on purpose
    (cd "$scratch/repository" && launcher "-XX:DumpLoadedClassList=$scratch/terminal" '' $words) >/dev/null 2>&1 || :
    [ ! -e "$scratch/terminal" ] || cat "$scratch/terminal" >>"$scratch/classes"
done
# The numbers of the classes differ between the lists, and are not needed.
sed 's/ id: .*//' "$scratch/classes" | awk '!known[$0]++' >"$scratch/all"

if ! (cd "$scratch" && launcher "-XX:SharedArchiveFile=$new" '-Xshare:dump -XX:SharedClassListFile=all' >log 2>&1) ||
    ! [ -s "$new" ]; then
    echo "phone-opus: no start-up cache was made:" >&2
    tail -n 3 "$scratch/log" >&2
    exit 1
fi
chmod 644 "$new"
mv -f "$new" "$cache"
