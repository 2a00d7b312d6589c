#!/usr/bin/env bash
# check.sh [DIR]: a suite of eight small trials on a private SLURM cluster that is treated badly, and on this machine; both must give the same bytes.
# Build first: dotnet build Ablation.sln -c Release. DIR, a temporary folder by default, stays where the check fails.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
if [ $# -gt 0 ]; then mkdir -p "$1" && dir=$(cd "$1" && pwd); else dir=$(mktemp -d); fi
program=$(find "$here/../../Experiments/bin/Release" -name ablation.dll | head -n 1)
[ -n "$program" ] || { echo "check.sh: build first: dotnet build Ablation.sln -c Release" >&2; exit 1; }
cluster=$dir/cluster local=$dir/local suite=$here/eight.jsonc folder=$dir/cluster/eight
stopped= # pid of a copy that is held still
submit=(dotnet "$program" submit "$suite" --slurm --results "$cluster" --data "$dir" --device cpu --cpus 1 --time 60 --checkpoint-minutes 0.02)

say() { echo "$(date +%T) $*"; }
fail() { say "FAILED: $*"; exit 1; }
end() {
    local status=$?
    # the copy on the lost node is known to no daemon
    if [ -n "$stopped" ] && grep -qsa "$folder" "/proc/$stopped/cmdline"; then kill -KILL "$stopped" || true; fi
    "$here/down.sh" "$dir"
    if [ "$status" -ne 0 ]; then
        tail -n 4 "$folder"/logs/*.out 2>/dev/null || true
        echo "check.sh: failed; everything is left in $dir"
    elif [ $# -eq 0 ]; then rm -rf "$dir"; fi
    exit "$status"
}
trap 'end "$@"' EXIT
trap 'exit 1' INT TERM

wait_for() { # seconds, what, command...
    local last=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ "$SECONDS" -lt "$last" ] || fail "in time: $what"
        sleep 0.3
    done
}
queue() { squeue -h -r -t "$1" -o '%i %N' | grep "^${job}_" || true; }            # states -> "JOB_TASK NODE" lines
is() { [ "$(squeue -h -r -t all -j "$1" -o '%i %T' | awk -v m="$1" '$1 == m { print $2 }')" = "$2" ]; } # member, state
trial() { echo "$folder/trials/$(sed -n "$((${1#*_} + 1))p" "$folder/pending-1.txt")"; } # member -> its folder
starts() { grep -c '"event":"start"' "$1/attempts.jsonl" 2>/dev/null || true; }
started_again() { [ "$(starts "$(trial "$1")")" -gt "$2" ]; }
token() { grep -oE '"token": *"[^"]+"' "$1/lease.json" 2>/dev/null || true; }
results() { find "$folder/trials" -name result.json | wc -l; }
has_checkpoint() { compgen -G "$1/checkpoint-*" >/dev/null && [ ! -e "$1/result.json" ]; }

# a trial that was put back into the queue starts behind the others there, and those take as long as this machine is busy
patience=400
member=
pick() { # node or "": a running member with a checkpoint goes to $member
    local name node
    while read -r name node; do
        if [[ -n $name && ($1 = "" || $1 = "$node") ]] && has_checkpoint "$(trial "$name")"; then
            member=$name
            return 0
        fi
    done <<<"$(queue RUNNING)"
    return 1
}
quiet() { [ -z "$(squeue -h -r)" ]; }
nodes_idle() { [ "$(sinfo -h -N -p work -t idle,mix,alloc -o %N | sort -u | wc -l)" -eq 2 ]; }
lease_moved() { [ -n "$(token "$1")" ] && [ "$(token "$1")" != "$2" ]; }
gone() { ! kill -0 "$1" 2>/dev/null; }

"$here/up.sh" "$dir"
. "$dir/env"

say "submit, by a dry run and then in earnest"
"${submit[@]}" --dry-run | tee "$dir/dry.txt"
grep -q "to start at" "$dir/dry.txt" || fail "sbatch --test-only does not like the script"
[ ! -e "$folder" ] || fail "the dry run wrote something"
"${submit[@]}"
job=$(sed -n '1s/.*"job":"\([0-9]*\)".*/\1/p' "$folder/submissions.jsonl")
[ "$(wc -l <"$folder/pending-1.txt")" -eq 8 ] || fail "pending-1.txt has not eight trials"

say "cancel two members that wait: ${job}_6, ${job}_7"
scancel "${job}_6" "${job}_7"
"${submit[@]}" --dry-run | grep -q " 2 to submit" || fail "what was cancelled is not what is missing"

wait_for $patience "a running trial on n2 with a checkpoint" pick n2
lost=$member
where=$(trial "$lost")
before_loss=$(token "$where")
stopped=$(grep -oE '"process": *[0-9]+' "$where/lease.json" | grep -oE '[0-9]+')
grep -qa "$folder" "/proc/$stopped/cmdline" || fail "process $stopped is not the trial of $lost"
say "hold $lost on n2 (process $stopped) still: it is to be there when the node is lost, however fast this machine is"
kill -STOP "$stopped"

wait_for $patience "a running trial on n1 with a checkpoint" pick n1
say "requeue $member"
before=$(starts "$(trial "$member")")
scontrol requeue "$member"
requeued=$member
wait_for $patience "$requeued starts again" started_again "$requeued" "$before"

wait_for $patience "a running trial on n1 with a checkpoint" pick n1
say "warn $member of its time limit (SIGUSR1): it requeues itself"
before=$(starts "$(trial "$member")")
warned=$member
scancel --signal=USR1 --batch "$warned"
wait_for $patience "$warned starts again" started_again "$warned" "$before"

wait_for $patience "a running trial on n1 with a checkpoint" pick n1
say "pre-empt $member on n1"
before=$(starts "$(trial "$member")")
preempted=$member
sbatch --parsable --partition=urgent --nodelist=n1 --output=/dev/null --wrap "sleep 2" >/dev/null
wait_for $patience "$preempted starts again" started_again "$preempted" "$before"

say "lose node n2, whose copy of $lost stands still until the second copy has the lease"
"$here/daemon.sh" "$dir" slurmd-n2 --kill
wait_for $patience "a second copy of $lost" lease_moved "$where" "$before_loss"
kill -CONT "$stopped"
wait_for 60 "the first copy of $lost ends by itself" gone "$stopped"
stopped=
"$here/daemon.sh" "$dir" slurmd-n2 slurmd -D -N n2
wait_for 60 "n2 comes back" nodes_idle
grep -q "the trial was taken by" "$folder/logs/$lost.out" || fail "the first copy of $lost did not tell that it lost its lease"

if pick ""; then
    say "cancel $member, which runs"
    scancel "$member"
    cancelled=$member
    wait_for 60 "$cancelled ends" is "$cancelled" CANCELLED
else
    say "no trial is left to be cancelled while it runs"
fi

wait_for $patience "the queue is empty" quiet
grep -q "requeued, " "$folder/logs/$warned.out" || fail "$warned did not tell of its requeue"
[ -s "$folder/report.html" ] || fail "the report's job wrote no report"
missing=$((8 - $(results)))
[ "$missing" -ge 2 ] || fail "the cancelled trials have a result"
say "submit again: $missing are missing"
"${submit[@]}" | tee "$dir/again.txt"
grep -q " $missing to submit" "$dir/again.txt" || fail "submitted again is not what was missing"
job=$(grep -oE '^job [0-9]+: [0-9]+ trials' "$dir/again.txt" | grep -oE '[0-9]+' | head -n 1)
wait_for $patience "the queue is empty" quiet
[ "$(results)" -eq 8 ] || fail "$(results) of 8 trials have a result"
"${submit[@]}" | grep -q "^nothing to submit" || fail "something is submitted though all is there"

say "the same suite on this machine"
dotnet "$program" run "$suite" --results "$local" --data "$dir" --device cpu --threads 1 >"$dir/local.txt" || { tail -n 5 "$dir/local.txt"; fail "the run on this machine"; }

say "compare"
"$here/same.sh" "$folder" "$local/eight" || fail "cluster and machine differ"
say "passed: requeued $requeued, warned $warned, pre-empted $preempted, lost $lost"
