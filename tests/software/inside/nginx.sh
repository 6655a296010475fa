#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# nginx as Debian sets it up, with what else it knows for moving bytes; the master is root, the workers are not.
set -eu
# shellcheck source=tests/software/inside/lib.sh
. /inside/lib.sh

get() { python3 -c 'import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode().strip())' "$1"; }

cat >/etc/nginx/conf.d/more.conf <<'END'
aio threads;
server {
    listen 127.0.0.1:8080 reuseport;
    root /srv/www;
    sendfile on;
    gzip_static on;
    location /files { directio 4k; output_buffers 2 64k; }
    location /self { proxy_pass http://127.0.0.1:80/; proxy_cache_bypass 1; }
}
END
mkdir -p /srv/www/files
echo 'a page' >/srv/www/index.html
head -c 1000000 /dev/zero | tr '\0' x >/srv/www/files/large
nginx -t
nginx
until_true get http://127.0.0.1:8080/
is 'a page' "$(get http://127.0.0.1:8080/)" 'a page'
is 'a large file' "$(get http://127.0.0.1:8080/files/large | wc -c)" 1000001
get http://127.0.0.1:8080/self | grep -q 'Welcome to nginx'

master=$(cat /run/nginx.pid)
worker=$(cat "/proc/$master/task/$master/children")
for one in $master $worker; do
    confined "$one"
done
is 'user of the worker' "$(stat -c %U "/proc/${worker%% *}")" www-data
nginx -s reload
renewed() { [ "$(cat "/proc/$master/task/$master/children")" != "$worker" ]; }
until_true renewed
is 'after a reload' "$(get http://127.0.0.1:8080/)" 'a page'
nginx -s quit
ended() { [ ! -e /run/nginx.pid ]; }
until_true ended
if grep -E '\[(alert|crit|emerg|error)\]' /var/log/nginx/error.log; then
    exit 1
fi
echo works
