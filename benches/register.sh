#!/usr/bin/env bash
# The register at scale: entering, listing, verifying, adding one more. Prints seconds; nothing fails on time. What stands beside each is the floor:
# reading the file, and hashing it with a tool that does nothing else.
# Run it on a machine that does nothing else: benches/register.sh [ENTRIES]
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet
breach=$PWD/target/release/breach
now=2026-11-22T10:00:00+01:00
entries=${1:-100000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# one incident with a number of its own a line; the environment hands a text to awk as it is, `-v` would unfold its escapes
"$breach" register add --no-config --now $now --register "$folder/one.jsonl" examples/payroll-wrong-client.toml >/dev/null
line=$(sed -E 's/.*,"incident":(.*)\}$/\1/; s/"id":"[^"]*"/"id":"N"/; s/,"related":\[[^]]*\]//' "$folder/one.jsonl")
export line
seq "$entries" | awk '{ one = ENVIRON["line"]; sub(/"id":"N"/, "\"id\":\"" $1 "\"", one); print one }' >"$folder/incidents.jsonl"

# the best of as many runs as are asked for
seconds() {
    local runs=$1 best='' begin end
    shift
    for _ in $(seq "$runs"); do
        begin=$(date +%s%N)
        "$@" >/dev/null
        end=$(date +%s%N)
        if [[ -z $best || $((end - begin)) -lt $best ]]; then best=$((end - begin)); fi
    done
    awk -v n="$best" 'BEGIN { printf "%.3f s\n", n / 1e9 }'
}
register() { "$breach" register "$1" --no-config --register "$folder/r.jsonl" "${@:2}"; }
row() { printf '%-22s' "$1:"; seconds "${@:2}"; }
row "add $entries" 1 register add --now $now "$folder/incidents.jsonl"
printf '%-22s%s bytes\n' 'the register has' "$(wc -c <"$folder/r.jsonl")"
row cat 5 cat "$folder/r.jsonl"
row sha256sum 5 sha256sum "$folder/r.jsonl"
for command in verify list "list --overdue" "list --format csv" "list --text mailbox" "show 7"; do
    # shellcheck disable=SC2086
    row "$command" 5 register $command
done
row 'add one' 5 register add --now $now examples/naih-lost-key.toml
