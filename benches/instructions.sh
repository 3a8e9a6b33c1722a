#!/usr/bin/env bash
# How many instructions a fixed input takes, held against benches/instructions.txt: more than 20 % above it fails (exit code 1). Unlike times, they are the same
# on a busy machine. `--store` writes them anew, after a change that is meant to cost or to save something.
#
# Needs valgrind; another compiler or C library moves the numbers a little.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v valgrind >/dev/null || { echo "valgrind is not there" >&2; exit 2; }
cargo build --release --locked --quiet --bins --example bench-incidents
breach=$PWD/target/release/breach
stored=$PWD/benches/instructions.txt
example=$PWD/examples/payroll-wrong-client.toml
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
target/release/examples/bench-incidents 500 >"$dir/in.jsonl"
for _ in $(seq 5000); do echo ENISA:2013/DPC:3/EI:0.75/C:0.5/I:0/A:0/M:0.5; done >"$dir/vectors"
now=2026-11-22T10:00:00+01:00

counted() {
    local name=$1
    shift
    valgrind --tool=callgrind --callgrind-out-file="$dir/out" "$@" >/dev/null 2>"$dir/err" || { cat "$dir/err" >&2; exit 2; }
    awk -v n="$name" '/refs:/ { gsub(",", "", $NF); print n, $NF }' "$dir/err"
}
{
    counted start "$breach" assess --no-config --now "$now" "$example"
    counted no-changes "$breach" assess --no-config -j 1 --practice edpb --now "$now" --format jsonl --no-changes "$dir/in.jsonl"
    counted changes "$breach" assess --no-config -j 1 --practice edpb --now "$now" --format jsonl "$dir/in.jsonl"
    counted score "$breach" score --no-config -j 1 - <"$dir/vectors"
} >"$dir/now.txt"
if [ "${1:-}" = --store ]; then
    cp "$dir/now.txt" "$stored"
    cat "$stored"
    exit
fi
names() { cut -d' ' -f1 "$1" | sort; }
[ "$(names "$stored")" = "$(names "$dir/now.txt")" ] || { echo "$stored does not hold what is measured: write it with --store" >&2; exit 2; }
join <(sort "$stored") <(sort "$dir/now.txt") |
    awk '{ r = $3 / $2; printf "%-12s %12d -> %12d  %+6.1f %%\n", $1, $2, $3, (r - 1) * 100; if (r > 1.2) bad = 1 } END { exit bad }' ||
    { echo "more than 20 % above what is stored" >&2; exit 1; }
