#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# nginx with two workers, as server and as proxy before itself, under load; it is told to read its configuration and to open
# its logs anew. PORT is a free port of the loopback interface.

# shellcheck source=rounds.sh
source "$(dirname "${BASH_SOURCE[0]}")/rounds.sh"

mkdir -p html tmp
head -c 20000 /dev/zero | tr '\0' x >html/page.html
cat >nginx.conf <<CONF
daemon off;
user $(id -un);
worker_processes 2;
pid $PWD/nginx.pid;
error_log $PWD/error.log info;
events { worker_connections 512; }
http {
    access_log $PWD/access.log combined buffer=4k flush=1s;
    client_body_temp_path tmp/body;
    proxy_temp_path tmp/proxy;
    fastcgi_temp_path tmp/fastcgi;
    uwsgi_temp_path tmp/uwsgi;
    scgi_temp_path tmp/scgi;
    gzip on;
    sendfile on;
    open_file_cache max=100;
    proxy_cache_path tmp/cache keys_zone=pages:1m;
    upstream self { server unix:$PWD/upstream.sock; keepalive 8; }
    server {
        listen 127.0.0.1:$PORT reuseport;
        root $PWD/html;
        location /proxied/ { proxy_pass http://self/; proxy_cache pages; proxy_http_version 1.1; proxy_set_header Connection ""; }
    }
    server { listen unix:$PWD/upstream.sock; root $PWD/html; }
}
CONF
nginx -p "$PWD" -c nginx.conf >>log 2>&1 &
nginx=$!
trap 'stop "$nginx"' EXIT
await curl -fs --noproxy '*' "http://127.0.0.1:$PORT/page.html"

round() {
    ab -q -n 1000 -c 20 -k "http://127.0.0.1:$PORT/page.html"
    ab -q -n 300 -c 10 "http://127.0.0.1:$PORT/proxied/page.html"
    curl -fs --compressed --noproxy '*' "http://127.0.0.1:$PORT/page.html" | wc -c
    if (($1 % 3 == 0)); then kill -HUP "$nginx"; fi
    if (($1 % 4 == 0)); then
        mv access.log access.log.old
        kill -USR1 "$nginx"
    fi
}

work
