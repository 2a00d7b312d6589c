# Read by .ci/windows: the shorter checks. $root is Wine's system, with the checkout at /src in it.
passed=0 failed=0
work=$root/work
rm -rf "$work"
mkdir -p "$work"
linux=(dotnet "$(find Experiments/bin/Release -path '*linux*' -name ablation.dll | head -n 1)")

# Wine 10 loses the AVX-512 registers of a thread that the garbage collector stops (Windows does not)
wine_env=(WINEPREFIX=/prefix WINEDEBUG=-all HOME=/root LANG=C.UTF-8 XDG_RUNTIME_DIR=/tmp DOTNET_EnableAVX512=0)
more=()
win() { # without a line that libtorch prints where it cannot read the processor
    {
        timeout "${limit:-300}" chroot "$root" env "${wine_env[@]}" "${more[@]}" wine "$@" 2>&1 1>&3 3>&- |
            { grep -v '^Error in cpuinfo' || true; } >&2
    } 3>&1
}
ablation() { win 'Z:\src\Tests\bin\win\ablation.exe' "$@"; }
aid() { win 'Z:\src\Tests\bin\win\Tests.exe' "$@"; }

check() { # name, command...
    local name=$1 start=$SECONDS
    shift
    [[ $name =~ ${ABLATION_CHECKS:-} ]] || return 0 # a pattern chooses some while one is being mended
    local status=0
    set +e # a condition would switch it off within
    (set -e; "$@") >"$work/log" 2>&1
    status=$?
    set -e
    if [ "$status" -eq 0 ]; then
        passed=$((passed + 1))
        echo "ok      $name ($((SECONDS - start)) s)"
    else
        failed=$((failed + 1))
        echo "FAILED  $name ($((SECONDS - start)) s)"
        tail -n 30 "$work/log"
    fi
}
finish() {
    echo "all checks took $SECONDS s"
    echo "windows: $passed passed, $failed failed"
    [ "$failed" -eq 0 ]
}
code() { # expected exit code, command...
    local want=$1 got=0
    shift
    "$@" || got=$?
    [ "$got" -eq "$want" ] || { echo "exit code $got, not $want"; return 1; }
}
has() { find "$1" -name "$2" 2>/dev/null | grep -q . || { echo "no $2 in $1"; return 1; }; }
lacks() { if has "$@" >/dev/null; then echo "$2 in $1"; return 1; fi; }
same() { # folders with the same files and bytes, but for pixels, which Skia's font code of each system sets, and PDFs, which zlib packs
    diff -rq -x '*.png' -x '*.pdf' "$1" "$2"
}

lists() {
    ablation list --all >"$work/list"
    grep -q '^  smoke ' "$work/list"
    "${linux[@]}" list --all | diff - "$work/list"
}
schema() {
    ablation schema 'Z:\work\win.json'
    "${linux[@]}" schema "$work/linux.json"
    cmp "$work/win.json" "$work/linux.json"
}
plans() {
    ablation plan quick --seeds 1 | tee "$work/plan"
    grep -q '7 trials to run' "$work/plan"
}
runtime() { # one line instead of a stack where Microsoft's runtime is missing, and no word of it from commands that do without libtorch
    more=(WINEDLLOVERRIDES='msvcp140,vcruntime140,vcruntime140_1=')
    local line
    for line in 'run quick --results Z:\work\none' 'bench losses --loss ArcFace' 'evaluate pixels --on Z:\work\no.bin'; do
        # shellcheck disable=SC2086
        code 2 ablation $line >"$work/out" 2>"$work/err"
        [ "$(wc -l <"$work/err")" -eq 1 ] && grep -q 'Redistributable.*https://aka.ms' "$work/err" && ! grep -q TorchSharp "$work/out" ||
            { echo "$line:"; cat "$work/out" "$work/err"; return 1; }
    done
    ablation list >/dev/null
}
pack() {
    aid pack 'Z:\work\pack'
    ablation data check 'Z:\work\pack'
}
# the product is what is tried, not its losses
one=(--seeds 1 --set trainings.epochs=1)
quick() {
    limit=900 ablation run quick "${one[@]}" --results 'Z:\work\results'
    [ "$(ablation status quick "${one[@]}" --results 'Z:\work\results' | cut -f6 | grep -c '^done$')" -eq 7 ]
}
report() { # the same store here and there
    ablation report quick "${one[@]}" --results 'Z:\work\results'
    cp -r "$work/results" "$work/here"
    "${linux[@]}" report quick "${one[@]}" --results "$work/here"
    same "$work/results" "$work/here"
    if grep -rlI $'\r' "$work/results"; then return 1; fi
}
evaluates() {
    local id
    id=$(find "$work/results/quick/trials" -name weights.bin -printf '%h\n' | sort | head -n 1)
    ablation evaluate "Z:\\work\\results\\quick\\trials\\$(basename "$id")" --results 'Z:\work\results' --draws 0 | grep 'TAR'
}
held() { # Excel has summary.csv open
    local folder=$work/results/quick
    rm -f "$work/free" "$folder/report.html"
    echo stale >"$folder/summary.csv"
    aid hold 'Z:\work\results\quick\summary.csv' 'Z:\work\free' >"$work/holder" &
    for _ in $(seq 300); do if grep -q held "$work/holder"; then break; fi; sleep 0.2; done
    code 2 ablation report quick "${one[@]}" --results 'Z:\work\results' 2>"$work/err"
    cat "$work/err"
    grep -q 'summary.csv: could not be written' "$work/err"
    [ -s "$folder/report.html" ]
    grep -q stale "$folder/summary.csv"
    touch "$work/free"
    wait
    ablation report quick "${one[@]}" --results 'Z:\work\results'
    [ "$(grep -c stale "$folder/summary.csv")" -eq 0 ]
}

# a suite with a mark, CR LF and backslashes, in a folder with blanks and Cyrillic letters
odd='Мои лица 1'
suite() {
    mkdir -p "$work/$odd"
    printf '\xef\xbb\xbf' >"$work/$odd/stops.jsonc"
    sed 's/$/\r/' .ci/wine/stops.jsonc >>"$work/$odd/stops.jsonc"
}
odd_run() { # results folder -> $arguments
    arguments=(run "Z:\\work\\$odd\\stops.jsonc" --data "Z:\\work\\$odd" --results "Z:\\work\\$odd\\$1" --threads 1
        --checkpoint-steps 5 --keep-checkpoint)
}
run_odd() {
    odd_run "$1"
    ablation "${arguments[@]}"
}
odd_path() {
    suite
    run_odd whole | tee "$work/out"
    grep -q "$odd" "$work/out"
    grep -q 'stopped training end' "$work/$odd/whole/stops/report.html"
}
trained() { # what training made, as far as it does not hold a time
    (cd "$work/$odd/$1/stops/trials" && find . -name weights.bin -o -name 'scores-*' | sort | xargs sha256sum)
}
ctrl_c() {
    odd_run stopped
    local command # in a terminal of its own: without one, Wine has no console in which Ctrl-C can be pressed
    command=$(printf '%q ' chroot "$root" env "${wine_env[@]}" wine 'Z:\src\Tests\bin\win\Tests.exe' interrupt-after \
        "Z:\\work\\$odd\\stopped" 'checkpoint-*' 'Z:\src\Tests\bin\win\ablation.exe' "${arguments[@]}")
    code 130 env SHELL=/bin/bash timeout 300 script --quiet --flush --return --command "$command" /dev/null
    has "$work/$odd/stopped" 'checkpoint-*'
    lacks "$work/$odd/stopped" result.json
    run_odd stopped
    diff <(trained whole) <(trained stopped)
}
killed() {
    run_odd killed &
    local run=$!
    until has "$work/$odd/killed" 'checkpoint-*' >/dev/null; do
        kill -0 "$run" || { echo "it ended before a checkpoint"; return 1; }
        sleep 0.1
    done
    pkill -KILL -f 'ablation.exe' || true
    wait || true
    lacks "$work/$odd/killed" result.json
    run_odd killed
    diff <(trained whole) <(trained killed)
}

check "list, the same text as here" lists
check "schema, the same bytes as here" schema
check "plan" plans
check "a missing C++ runtime is one line" runtime
check "data check on a pack" pack
check "run quick with one seed, status" quick
check "report, the same bytes as here, no CR" report
check "evaluate" evaluates
check "report while a reader holds summary.csv" held
check "a suite with CR LF, a mark, blanks and Cyrillic letters" odd_path
check "Ctrl-C saves, and the next run ends with the same bytes" ctrl_c
check "after a kill the next run ends with the same bytes" killed
