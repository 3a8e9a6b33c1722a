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

# one incident with a number of its own a line
incident=$("$breach" register add --no-config --now $now --register "$folder/one.jsonl" examples/payroll-wrong-client.toml >/dev/null &&
    sed -E 's/.*,"incident":(.*)\}$/\1/; s/"id":"[^"]*"/"id":"N"/' "$folder/one.jsonl")
seq "$entries" | awk -v line="$incident" '{ one = line; sub(/"id":"N"/, "\"id\":\"" $1 "\"", one); print one }' >"$folder/incidents.jsonl"

seconds() {
    local begin end
    begin=$(date +%s%N)
    "$@" >/dev/null
    end=$(date +%s%N)
    awk -v n="$((end - begin))" 'BEGIN { printf "%.3f s\n", n / 1e9 }'
}
printf 'add %s at once:    ' "$entries"; seconds "$breach" register add --no-config --now $now --register "$folder/r.jsonl" "$folder/incidents.jsonl"
printf 'the register has   %s bytes\n' "$(wc -c <"$folder/r.jsonl")"
printf 'cat:               '; seconds cat "$folder/r.jsonl"
printf 'sha256sum:         '; seconds sha256sum "$folder/r.jsonl"
register() { "$breach" register "$1" --no-config --register "$folder/r.jsonl" "${@:2}"; }
for command in verify list "list --overdue" "list --format csv" "list --text mailbox" "show 7"; do
    # shellcheck disable=SC2086
    printf '%-19s' "$command:"; seconds register $command
done
printf 'add one:           '; seconds register add --now $now examples/naih-lost-key.toml
