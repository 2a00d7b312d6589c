#!/usr/bin/env bash
# daemon.sh DIR NAME COMMAND...: starts a daemon of the cluster in DIR and notes its pid and start time in DIR/daemons.
# daemon.sh DIR NAME --kill: ends it at once, as a node that is lost; its jobs' processes live on.
set -euo pipefail

dir=${1:?usage: daemon.sh DIR NAME COMMAND...} name=${2:?} && shift 2

# field 22 of stat is the start time: a pid that was given out again has another one
started() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

if [ "${1:?}" = --kill ]; then
    while read -r pid time called; do
        if [ "$called" = "$name" ] && [ "$(started "$pid")" = "$time" ]; then kill -KILL "$pid"; fi
    done <"$dir/daemons"
    exit 0
fi

[ ! -e "$dir/env" ] || . "$dir/env"
setsid "$@" >>"$dir/log/$name.out" 2>&1 </dev/null &
echo "$! $(started $!) $name" >>"$dir/daemons"
