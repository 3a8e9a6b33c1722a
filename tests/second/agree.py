"""Lets the program assess random incidents and compares every severity with the one computed here.

    python3 tests/second/agree.py target/release/breach --count 100000

Prints one line of figures. Exit code 0: all agree; 1: some differ, the first of them are shown; 2: nothing could be compared.
"""

import argparse
import json
import subprocess
import sys
from decimal import Decimal

from incidents import incidents
from severity import METHODS, Refused, severity

SHOWN = 5


def printed(text):
    """A decimal as it was printed; one with idle zeros is none."""
    if text.rstrip("0") != text or text.endswith(".") or "e" in text.lower():
        raise ValueError(f"{text} is not printed as short as it can be")
    return Decimal(text)


def expected(incident, method):
    try:
        return canonical(severity(incident, method))
    except Refused as refused:
        return f"refused: {refused}"


def canonical(value):
    """One text for one value: key order kept, numbers as printed."""
    return json.dumps(value, ensure_ascii=False, default=float)


def got(line):
    result = json.loads(line, parse_float=printed)
    if "error" in result:
        codes = {error["code"] for error in result["errors"]}
        return "refused: " + ", ".join(sorted(codes))
    return canonical(result["severity"])


def agree(wanted, given):
    if wanted.startswith("refused: ") and given.startswith("refused: "):
        # several rules may be broken; the one found here must be among those told
        return wanted.removeprefix("refused: ") in given.removeprefix("refused: ").split(", ")
    return wanted == given


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=2013)
    options = parser.parse_args()

    compared = refused = differ = 0
    methods = list(METHODS)
    for n, method in enumerate(methods):
        count = options.count // len(methods) + (n < options.count % len(methods))
        made = list(incidents(options.seed + n, count))
        command = [options.program, "assess", "-", "--input-format", "jsonl", "--format", "jsonl", "--method", method]
        command += ["--no-config", "--no-changes", "--now", "2026-11-22T10:00:00+01:00"]
        lines = "".join(json.dumps(incident, ensure_ascii=False) + "\n" for incident in made)
        ran = subprocess.run(command, input=lines.encode(), capture_output=True, check=False)
        results = ran.stdout.decode().splitlines()
        if ran.returncode not in (0, 2) or len(results) != count:
            print(f"exit {ran.returncode}, {len(results)} results of {count}: {ran.stderr.decode()[:500]}", file=sys.stderr)
            return 2
        for incident, result in zip(made, results):
            wanted, given = expected(incident, method), got(result)
            compared += 1
            refused += wanted.startswith("refused: ")
            if not agree(wanted, given):
                differ += 1
                if differ <= SHOWN:
                    print(f"{method}: {json.dumps(incident, ensure_ascii=False)}\n  here:    {wanted}\n  program: {given}")
    print(f"{compared} incidents compared ({compared - refused} scored, {refused} refused), {differ} differ")
    return 0 if compared and not differ else 1 if compared else 2


if __name__ == "__main__":
    sys.exit(main())
