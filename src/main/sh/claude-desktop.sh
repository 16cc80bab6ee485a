#!/bin/sh
# claude-desktop.sh TIME [WORD...] starts the phone-opus that Claude Desktop has unpacked.
# Unpacked files may have lost their modes and have new times, but Java accepts a start-up cache only if the libraries
# have the same time as when it was made: TIME.

set -eu

home=$(CDPATH='' cd -P -- "${0%/*}/.." && pwd -P)
time=$1
shift

# Done once; if the folder cannot be written, Java works without the cache.
[ -e "$home/lib/dated" ] || {
    chmod +x "$home/bin/phone-opus" "$home/runtime/bin/java" "$home/runtime/lib/jspawnhelper" &&
        touch -d "$time" "$home"/lib/*.jar "$home"/lib/dependencies/*.jar &&
        : >"$home/lib/dated"
} 2>/dev/null || :

# A field that the user left empty.
case ${PHONE_OPUS_CLAUDE_BINARY-} in
    '' | '${'*) unset PHONE_OPUS_CLAUDE_BINARY ;;
esac

exec "$home/bin/phone-opus" "$@"
