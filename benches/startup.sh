#!/usr/bin/env bash
# Start-up: how much longer one assessment takes than a program that does nothing. Prints both, in milliseconds a run; nothing fails on time.
# Run it on a machine that does nothing else: benches/startup.sh [RUNS]
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --locked --quiet
runs=${1:-200}
each() {
    local begin end
    begin=$(date +%s%N)
    for _ in $(seq "$runs"); do "$@" >/dev/null; done
    end=$(date +%s%N)
    awk -v n="$((end - begin))" -v r="$runs" 'BEGIN { printf "%.2f", n / r / 1e6 }'
}
idle=$(each /bin/true)
work=$(each target/release/breach assess --now 2026-11-22T10:00:00+01:00 examples/payroll-wrong-client.toml)
echo "true: $idle ms, assess: $work ms, difference: $(awk -v a="$work" -v b="$idle" 'BEGIN { printf "%.2f", a - b }') ms"
