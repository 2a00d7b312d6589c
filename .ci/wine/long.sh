# Read by .ci/windows all: the smoke suite and the tests in Wine.
smoke() {
    limit=900 ablation run smoke --results 'Z:\work\smoke'
    [ "$(ablation status smoke --results 'Z:\work\smoke' | cut -f6 | grep -c '^done$')" -eq 50 ]
}
tests() {
    local status=0
    limit=1100 aid run >"$work/tests" 2>&1 || status=$?
    grep -A12 '^FAILED' "$work/tests" || true
    return "$status"
}

check "run smoke" smoke
check "tests" tests
grep '^skipped' "$work/tests" | cut -f 2 | sort | uniq -c | sort -rn || true # reasons
tail -n 1 "$work/tests"
