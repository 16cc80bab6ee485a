#!/bin/sh
# deb.sh FOLDER VERSION CPU FILE packs the bundle's folder for Debian and Ubuntu, where there is dpkg-deb.

set -eu

if ! command -v dpkg-deb >/dev/null; then
    echo "There is no dpkg-deb here, so no $4 was made." >&2
    exit 0
fi
case $3 in
    x64) cpu=amd64 ;;
    *) cpu=$3 ;;
esac
root=$1.deb
rm -rf "$root"
mkdir -p "$root/DEBIAN" "$root/usr/bin" "$root/usr/lib" "$root/usr/share/doc/phone-opus"
# With the times of the files, which the start-up cache depends on.
cp -a "$1" "$root/usr/lib/phone-opus"
mv "$root/usr/lib/phone-opus/LICENSE" "$root/usr/share/doc/phone-opus/copyright"
ln -s ../lib/phone-opus/bin/phone-opus "$root/usr/bin/phone-opus"
cat >"$root/DEBIAN/control" <<END
Package: phone-opus
Version: $(printf %s "$2" | sed 's/-SNAPSHOT/~snapshot/')
Architecture: $cpu
Maintainer: phone-opus
Depends: libc6
Section: devel
Priority: optional
Description: lets one coding agent phone Claude Opus for a second opinion
 An MCP server that runs your own claude command as a read-only adviser. A
 consult keeps running even if the client or the server dies.
END
chmod -R u+rwX,go+rX,go-w "$root"
dpkg-deb --root-owner-group -Zgzip -z6 --build "$root" "$4" >/dev/null
rm -rf "$root"
