#!/usr/bin/env bash
# Runs every suite and ends with one line: N passed, N failed, N skipped.
#   ./test          everything
#   ./test --fast   without what is marked Speed=slow, and with fewer fuzz runs: under two minutes
#   ./test NAME     only .NET tests whose full name contains NAME
# Exit code 0 only when nothing failed and every suite reported a count.
cd "$(dirname "$(readlink -f "$0")")"
. tools/machine.sh

fast=; name=
case "${1:-}" in
  --fast) fast=1 ;;
  -h|--help) sed -n '2,6s/^# \{0,1\}//p' "$0"; exit 0 ;;
  -*) fail "unknown option $1" "./test --help" ;;
  ?*) name=$1 ;;
esac

need_tools
need_library libsodium.so.23 libsodium23
need_library libsecp256k1.so.1 libsecp256k1-1
need_command age age
install_missing
for lock in $(git ls-files -co --exclude-standard '*package-lock.json'); do npm_tools "$(dirname "$lock")"; done

passed=0 failed=0 skipped=0 broken=()
log=$(mktemp); trap 'rm -f "$log"' EXIT

# count SUITE PASSED FAILED SKIPPED
count() {
  say "$1: $2 passed, $3 failed, $4 skipped"
  passed=$((passed + $2)); failed=$((failed + $3)); skipped=$((skipped + $4))
}

# A suite that ended without saying how many tests it ran is broken, whatever its exit code.
forge_suite() {
  say "contracts (forge test)"
  local code=0 line
  (cd contracts && forge=$(echo node_modules/@foundry-rs/forge-linux-*/bin/forge) && "$forge" test --color never) >"$log" 2>&1 || code=$?
  line=$(grep -E '^Ran [0-9]+ test suites? ' "$log" | tail -1 || true)
  if [[ $line =~ :\ ([0-9]+)\ tests\ passed,\ ([0-9]+)\ failed,\ ([0-9]+)\ skipped ]]; then
    count contracts "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]}"
    [ "$code" -eq 0 ] || grep -E '^\[FAIL|^Error|snapshot|Encountered' "$log" | sort -u | head -40 >&2
    # The gas snapshots are checked by forge itself: a difference fails the run without failing a test.
    [ "$code" -eq 0 ] || [ "${BASH_REMATCH[2]}" -gt 0 ] || broken+=("contracts (exit code $code)")
  else
    tail -30 "$log" >&2; broken+=("contracts (no count)")
  fi
}

# dotnet_suite PROJECT [FILTER]
dotnet_suite() {
  say "${1##*/}${2:+ ($2)}"
  local code=0 line
  dotnet test "$1" --no-build -c Release -nologo -v q ${2:+--filter "$2"} >"$log" 2>&1 || code=$?
  line=$(grep -E 'Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+' "$log" | tail -1 || true)
  if [[ $line =~ Failed:\ +([0-9]+),\ Passed:\ +([0-9]+),\ Skipped:\ +([0-9]+) ]]; then
    count "${1##*/}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]}"
    [ "$code" -eq 0 ] || grep -vE '^\s*$|\[SKIP\]' "$log" | head -150 >&2
    [ "$code" -eq 0 ] || [ "${BASH_REMATCH[1]}" -gt 0 ] || broken+=("${1##*/} (exit code $code)")
  elif [ -n "${2:-}" ] && [ "$code" -eq 0 ]; then
    # With a filter a project may have nothing to run; the runner then says so only at higher verbosity.
    say "${1##*/}: nothing to run"
  else
    tail -40 "$log" >&2; broken+=("${1##*/} (no count)")
  fi
}

filter=
if [ -n "$fast" ]; then
  export FOUNDRY_FUZZ_RUNS=32 FOUNDRY_INVARIANT_RUNS=4
  filter='Speed!=slow'
fi
if [ -n "$name" ]; then filter="FullyQualifiedName~$name"; else forge_suite; fi
build Commonhold.slnx
for project in $(git ls-files '*Tests.csproj'); do dotnet_suite "$(dirname "$project")" "$filter"; done

for suite in ${broken[@]+"${broken[@]}"}; do printf 'test: error: broken suite: %s\n' "$suite" >&2; done
printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ] && [ ${#broken[@]} -eq 0 ] && [ "$passed" -gt 0 ]
