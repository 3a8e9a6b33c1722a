#!/usr/bin/env bash
# Assesses JSON Lines with GNU parallel, on one machine or on many (--sshloginfile): examples/cluster/parallel.sh FILE [OPTION...]
# Blocks of whole lines go through `breach` side by side, and their results come out in the order of the lines.
# Give --now, so that every block is assessed for the same time; `input` counts lines within a block (`-:N`).
set -euo pipefail
file=$1
shift
# It ends with the highest exit code of all blocks, as the program does over all lines.
# more machines: PARALLEL='--sshloginfile nodes' in the environment
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failed=0
parallel --joblog "$log" --pipe --keep-order --block "${BLOCK:-8M}" --quote \
    "${BREACH:-breach}" assess --no-config --input-format jsonl --format jsonl -j 1 "$@" - <"$file" || failed=$?
# its own code is the number of blocks that failed
[ "$failed" -eq 0 ] || [ "$(wc -l <"$log")" -le 1 ] || failed=$(awk 'NR > 1 && $7 > most { most = $7 } END { print most + 0 }' "$log")
exit "$failed"
