#!/usr/bin/env bash
# same.sh A B: whether two folders of one suite hold the same results: tables, scores and histories, byte for byte.
set -uo pipefail

a=${1:?usage: same.sh A B} b=${2:?usage: same.sh A B}
different=0
same() { # what, file, file
    cmp -s "$2" "$3" || { echo "same.sh: $1 differs: $2 $3" >&2; different=1; }
}

[ -s "$a/summary.csv" ] || { echo "same.sh: $a has no tables" >&2; exit 1; }
same summary.csv "$a/summary.csv" "$b/summary.csv"
same table.tex "$a/table.tex" "$b/table.tex"
ids() { find "$1/trials" -name result.json -printf '%h\n' | sed 's|.*/||' | sort; }
[ "$(ids "$a")" = "$(ids "$b")" ] || { echo "same.sh: not the same trials are finished" >&2; exit 1; }
for id in $(ids "$a"); do
    for scores in "$a/trials/$id"/scores-*.npz; do same scores "$scores" "$b/trials/$id/$(basename "$scores")"; done
    same history "$a/trials/$id/history.csv" "$b/trials/$id/history.csv"
done
[ "$different" -eq 0 ] && echo "same.sh: $(ids "$a" | wc -l) trials are the same"
exit "$different"
