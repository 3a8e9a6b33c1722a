#!/usr/bin/env bash
# Assesses JSON Lines with GNU parallel, on one machine or on many (--sshloginfile): examples/cluster/parallel.sh FILE [OPTION...]
# Blocks of whole lines go through `breach` side by side, and their results come out in the order of the lines.
# Give --now, so that every block is assessed for the same time; `input` counts lines within a block (`-:N`).
set -euo pipefail
file=$1
shift
# more machines: PARALLEL='--sshloginfile nodes' in the environment
parallel --pipe --keep-order --block "${BLOCK:-8M}" --quote \
    "${BREACH:-breach}" assess --no-config --input-format jsonl --format jsonl -j 1 "$@" - <"$file"
