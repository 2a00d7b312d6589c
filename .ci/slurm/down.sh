#!/usr/bin/env bash
# down.sh DIR: cancels the jobs of the cluster that up.sh started in DIR and ends its daemons, and nothing else. DIR stays, for its logs.
set -uo pipefail

dir=$(cd "${1:?usage: down.sh DIR}" && pwd) || exit 1
[ -e "$dir/daemons" ] || { echo "down.sh: nothing was started in $dir" >&2; exit 0; }
. "$dir/env"

# held jobs, too, and first, while there is a controller to end them
timeout 15 scancel --user="$(id -un)"
for _ in $(seq 150); do
    jobs=$(timeout 5 squeue -h 2>/dev/null) && [ -z "$jobs" ] && break
    sleep 0.2
done

alive() { # pid, start time: the very process that was started
    [ "$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20)" = "$2" ]
}
# munged last: the others sign with it
for pattern in 'slurmd-*' slurmctld munged; do
    for signal in TERM KILL; do
        left=0
        while read -r pid time name; do
            # shellcheck disable=SC2053 # a pattern
            if [[ $name == $pattern ]] && alive "$pid" "$time"; then kill "-$signal" "$pid" && left=1; fi
        done <"$dir/daemons"
        for _ in $(seq 50); do
            [ "$left" -eq 1 ] || break
            sleep 0.1
            left=0
            while read -r pid time name; do
                # shellcheck disable=SC2053
                if [[ $name == $pattern ]] && alive "$pid" "$time"; then left=1; fi
            done <"$dir/daemons"
        done
    done
done
rm -f "$dir/daemons"
