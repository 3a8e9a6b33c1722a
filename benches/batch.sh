#!/usr/bin/env bash
# Whole processes: batches of made-up incidents against the floor (the same lines parsed into their type, hashed, and a result of the same size written; nothing
# else), and against jq, Python and DuckDB, which only compute the score. Prints user seconds, times and ratios; nothing fails on time.
#
# Run it on a machine that does nothing else: benches/batch.sh [LINES]    (default 1000000; about 1.5 kB a line)
set -euo pipefail
cd "$(dirname "$0")/.."
lines=${1:-1000000}
cargo build --release --locked --quiet --bins --example bench-incidents --example bench-floor
breach=target/release/breach
bin=target/release/examples
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
TIMEFORMAT='%R %U'

# measured NAME COMMAND...: seconds on the clock and of one user's cores, the better of two runs
measured() {
    local name=$1 best='' real user
    shift
    for _ in 1 2; do
        # what fails is fast
        read -r real user < <({ time "$@" >/dev/null 2>"$dir/err" || echo failed >"$dir/failed"; } 2>&1 | tail -1)
        if [ -e "$dir/failed" ]; then
            echo "$name failed:" >&2
            cat "$dir/err" >&2
            exit 1
        fi
        if [ -z "$best" ] || awk -v a="$real" -v b="${best% *}" 'BEGIN { exit !(a < b) }'; then best="$real $user"; fi
    done
    result=$best
    awk -v n="$name" -v r="$real" -v b="$best" -v l="$lines" 'BEGIN { split(b, t); printf "%-44s %8.2f s  %8.2f s user  %10.0f lines/s\n", n, t[1], t[2], l / t[1] }'
}
ratio() { awk -v n="$1" -v a="${2% *}" -v b="${3% *}" 'BEGIN { printf "%-44s %8.2f\n", n, a / b }'; }

assess=("$breach" assess --no-config --practice edpb --now 2026-11-22T10:00:00+01:00 --format jsonl)
uname -srm
grep -m1 'model name' /proc/cpuinfo || true
echo "cores: $(nproc), lines: $lines"
"$bin/bench-incidents" "$lines" >"$dir/in.jsonl"
head -n 2000 "$dir/in.jsonl" >"$dir/some.jsonl"
some=$(wc -l <"$dir/some.jsonl")
short=$(($("${assess[@]}" --no-changes "$dir/some.jsonl" | wc -c) / some))
long=$(($("${assess[@]}" "$dir/some.jsonl" | wc -c) / some))

measured "floor, results of $short bytes" "$bin/bench-floor" "$dir/in.jsonl" "$short"; floor_short=$result
measured "floor, results of $long bytes" "$bin/bench-floor" "$dir/in.jsonl" "$long"; floor_long=$result
measured "assess --no-changes, one core" "${assess[@]}" --no-changes -j 1 "$dir/in.jsonl"; one=$result
measured "assess, one core" "${assess[@]}" -j 1 "$dir/in.jsonl"; whole=$result
if [ "$(nproc)" -ge 2 ]; then
    measured "assess --no-changes, two cores" "${assess[@]}" --no-changes -j 2 "$dir/in.jsonl"; two=$result
    measured "assess, two cores" "${assess[@]}" -j 2 "$dir/in.jsonl"; both=$result
fi
if [ -x /usr/bin/time ]; then
    echo "most memory: $(/usr/bin/time -f %M "${assess[@]}" "$dir/in.jsonl" 2>&1 >/dev/null | tail -1) kB"
fi

# the score alone, from answers that are known
score='def ei: {negligible: 0.25, limited: 0.5, significant: 0.75, maximum: 1}[.identification.level] // 1;
def dpc: [(.data | to_entries[] | .value.level // {simple: 1, behavioural: 2, financial: 3, sensitive: 4}[.key] | if type == "string" then 4 else . end)] | max;
def part(t): t[.] // 0.5;
dpc * ei + (.confidentiality.loss // "none" | part({none: 0, "no-evidence": 0, "known-recipients": 0.25, "unknown-recipients": 0.5}))
  + (.integrity.loss // "none" | part({none: 0, unused: 0, recoverable: 0.25, unrecoverable: 0.5}))
  + (.availability.loss // "none" | part({none: 0, recoverable: 0, temporary: 0.25, permanent: 0.5}))
  + (if .intent.malicious == false then 0 else 0.5 end)'
if command -v jq >/dev/null; then
    measured "jq, the score alone" jq -c "$score" "$dir/in.jsonl"; jq=$result
fi
if command -v python3 >/dev/null; then
    cat >"$dir/score.py" <<'PY'
import json, sys
EI = {"negligible": 0.25, "limited": 0.5, "significant": 0.75, "maximum": 1}
BASE = {"simple": 1, "behavioural": 2, "financial": 3, "sensitive": 4}
PARTS = {"confidentiality": {"none": 0, "no-evidence": 0, "known-recipients": 0.25, "unknown-recipients": 0.5},
         "integrity": {"none": 0, "unused": 0, "recoverable": 0.25, "unrecoverable": 0.5},
         "availability": {"none": 0, "recoverable": 0, "temporary": 0.25, "permanent": 0.5}}
for line in open(sys.argv[1], encoding="utf-8"):
    i = json.loads(line)
    levels = [d.get("level", BASE[c]) for c, d in i["data"].items()]
    dpc = max(4 if isinstance(level, str) else level for level in levels)
    cb = sum(table.get(i[part].get("loss", "none"), 0.5) for part, table in PARTS.items())
    print(dpc * EI.get(i["identification"]["level"], 1) + cb + (0 if i["intent"].get("malicious") is False else 0.5))
PY
    measured "Python, the score alone" python3 "$dir/score.py" "$dir/in.jsonl"; python=$result
    if python3 -c 'import duckdb' 2>/dev/null; then
        cat >"$dir/duck.py" <<'PY'
import sys, duckdb
duckdb.sql("SET threads = 1")
word = lambda path, table, other: f"coalesce(map {table}[json ->> '{path}'], {other})"
base = lambda c, n: f"CASE WHEN (json -> '$.data.{c}') IS NULL THEN 0 ELSE coalesce(try_cast(coalesce(json ->> '$.data.{c}.level', '{n}') AS INT), 4) END"
duckdb.sql(f"""COPY (SELECT greatest({base('simple', 1)}, {base('behavioural', 2)}, {base('financial', 3)}, {base('sensitive', 4)})
  * {word('$.identification.level', "{'negligible': 0.25, 'limited': 0.5, 'significant': 0.75, 'maximum': 1}", 1)}
  + {word('$.confidentiality.loss', "{'none': 0, 'no-evidence': 0, 'known-recipients': 0.25, 'unknown-recipients': 0.5}", 0.5)}
  + {word('$.integrity.loss', "{'none': 0, 'unused': 0, 'recoverable': 0.25, 'unrecoverable': 0.5}", 0.5)}
  + {word('$.availability.loss', "{'none': 0, 'recoverable': 0, 'temporary': 0.25, 'permanent': 0.5}", 0.5)}
  + CASE WHEN (json ->> '$.intent.malicious') = 'false' THEN 0 ELSE 0.5 END
  FROM read_json_objects('{sys.argv[1]}', format = 'newline_delimited')) TO '/dev/null' (FORMAT csv)""")
PY
        measured "DuckDB, the score alone, one thread" python3 "$dir/duck.py" "$dir/in.jsonl"; duckdb=$result
    fi
fi
awk -v n=$((lines * 4)) 'BEGIN { split("0.25 0.5 0.75 1", ei); split("0 0.25 0.5", c); for (i = 0; i < n; i++)
    printf "ENISA:2013/DPC:%d/EI:%s/C:%s/I:%s/A:%s/M:%s\n", 1 + i % 4, ei[1 + int(i / 4) % 4], c[1 + int(i / 16) % 3], c[1 + int(i / 48) % 3], c[1 + int(i / 144) % 3], i % 5 ? "0" : "0.5" }' >"$dir/vectors"
score_all() { "$breach" score -j 1 <"$dir/vectors"; }
lines=$((lines * 4)) measured "score, one core, four vectors a line" score_all

echo
ratio "floor / assess --no-changes" "$floor_short" "$one"
ratio "floor / assess" "$floor_long" "$whole"
if [ -n "${two:-}" ]; then
    ratio "one core / two, --no-changes" "$one" "$two"
    ratio "one core / two" "$whole" "$both"
fi
if [ -n "${jq:-}" ]; then ratio "jq / assess --no-changes" "$jq" "$one"; ratio "jq / assess" "$jq" "$whole"; fi
if [ -n "${python:-}" ]; then ratio "Python / assess --no-changes" "$python" "$one"; fi
if [ -n "${duckdb:-}" ]; then ratio "DuckDB / assess --no-changes" "$duckdb" "$one"; fi

echo
echo "growth: microseconds a line, --no-changes, one core"
for n in 1000 10000 100000 1000000; do
    if [ "$n" -le "$lines" ]; then
        head -n "$n" "$dir/in.jsonl" >"$dir/part.jsonl"
        for _ in 1 2 3; do
            { time "${assess[@]}" --no-changes -j 1 "$dir/part.jsonl" >/dev/null; } 2>&1 | tail -1
        done | awk -v n="$n" 'NR == 1 || $2 < t { t = $2 } END { printf "%8d lines  %6.2f\n", n, t * 1e6 / n }'
    fi
done
