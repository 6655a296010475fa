#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A repository of one small package, fetched by apt's own user, as files and over HTTP; then installed.
set -eu
# shellcheck source=tests/software/inside/lib.sh
. /inside/lib.sh

package()
{
    mkdir -p "/tmp/$1/DEBIAN" "/tmp/$1/usr/share/$1" "/srv/$1"
    printf 'Package: %s\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b>\nDescription: small\n' "$1" \
        >"/tmp/$1/DEBIAN/control"
    printf '#!/bin/sh\nchown nobody /usr/share/%s/file\n' "$1" >"/tmp/$1/DEBIAN/postinst"
    chmod 755 "/tmp/$1/DEBIAN/postinst"
    echo "$1" >"/tmp/$1/usr/share/$1/file"
    dpkg-deb -b "/tmp/$1" "/srv/$1/$1.deb" >/dev/null
    (cd "/srv/$1" && apt-ftparchive packages . >Packages && apt-ftparchive release . >Release)
}

# apt_get COMMAND...: without a word of complaint; apt says so when it could not give root away.
apt_get()
{
    apt-get -q -y -o APT::Sandbox::Seccomp="$seccomp" "$@" >/tmp/log 2>&1 || { cat /tmp/log && exit 1; }
    if grep -E '^[WE]:' /tmp/log; then
        exit 1
    fi
}

package files
package web
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/*
python3 -m http.server --bind 127.0.0.1 --directory /srv 8000 >/tmp/http.log 2>&1 &
until_true python3 -c 'import urllib.request as u; u.urlopen("http://127.0.0.1:8000/web/Packages")'
echo 'deb [trusted=yes] file:/srv/files ./' >/etc/apt/sources.list
echo 'deb [trusted=yes] http://127.0.0.1:8000/web ./' >>/etc/apt/sources.list
for seccomp in false true; do
    rm -rf /var/lib/apt/lists/*
    apt_get update
    is lists "$(find /var/lib/apt/lists -name '*Packages' | wc -l)" 2
    apt_get install files web
    is files "$(cat /usr/share/files/file)" files
    is web "$(stat -c %U /usr/share/web/file)" nobody
    apt_get purge files web
    apt_get clean
done
is 'downloads by' "$(stat -c %U /var/lib/apt/lists/partial)" _apt
grep -q 'apt-HTTP\|GET /web/./web.deb' /tmp/http.log
echo works
