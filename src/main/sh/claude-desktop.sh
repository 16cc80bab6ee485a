#!/bin/sh
# claude-desktop.sh TIME [WORD...] starts the phone-opus that Claude Desktop has unpacked.
# What it unpacks may have lost its modes and has new times, and Java takes a start-up cache only with libraries that are
# as old as when it learned: TIME.

set -eu

home=$(CDPATH='' cd -P -- "${0%/*}/.." && pwd -P)
time=$1
shift

# Once, and where the folder cannot be written Java does without.
[ -e "$home/lib/dated" ] || {
    chmod +x "$home/bin/phone-opus" "$home/runtime/bin/java" "$home/runtime/lib/jspawnhelper" &&
        touch -d "$time" "$home"/lib/*.jar "$home"/lib/dependencies/*.jar &&
        : >"$home/lib/dated"
} 2>/dev/null || :

# A field that was left empty.
case ${PHONE_OPUS_CLAUDE_BINARY-} in
    '' | '${'*) unset PHONE_OPUS_CLAUDE_BINARY ;;
esac

exec "$home/bin/phone-opus" "$@"
