"""The table of mutants, from what cargo-mutants left in a folder for each file, with the reason why a survivor may live."""

import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
FILES = ("score", "decide", "clock", "calendar", "duties")
WORDS = {"CaughtMutant": "caught", "MissedMutant": "survived", "Timeout": "hung", "Unviable": "does not build"}


def explained():
    """The reasons by mutant; a mutant is named without its line, which moves."""
    lines = (HERE / "explained.tsv").read_text().splitlines()
    return dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))


def outcomes(folder):
    for outcome in json.loads((folder / "mutants.out" / "outcomes.json").read_text())["outcomes"]:
        mutant = outcome["scenario"].get("Mutant") if isinstance(outcome["scenario"], dict) else None
        if mutant:
            yield mutant["name"], WORDS.get(outcome["summary"], outcome["summary"])


def main():
    reasons = explained()
    rows, survivors = [], []
    for folder in (pathlib.Path(sys.argv[1]) / name for name in FILES):
        if not (folder / "mutants.out" / "outcomes.json").exists():
            rows.append((folder.name, "not tried", 0, dict.fromkeys(WORDS.values(), "")))
            continue
        planned = len(json.loads((folder / "mutants.out" / "mutants.json").read_text()))
        counts = dict.fromkeys(WORDS.values(), 0)
        for name, came in outcomes(folder):
            counts[came] += 1
            if came in ("survived", "hung"):
                survivors.append((re.sub(r":\d+:\d+:", ":", name), came))
        rows.append((folder.name, planned, sum(counts.values()), counts))
    print("# Mutants of the engine\n")
    print("Every small change of these files that `cargo mutants` can think of, and whether a test noticed it. Made by `tests/mutants/run`;")
    print("the reasons stand in `tests/mutants/explained.tsv`.\n")
    print("| file | mutants | tried | caught | do not build | hung | survived |\n| --- | --- | --- | --- | --- | --- | --- |")
    for name, planned, tried, c in rows:
        print(f"| `src/{name}.rs` | {planned} | {tried} | {c['caught']} | {c['does not build']} | {c['hung']} | {c['survived']} |")
    print("\nOne that hangs is noticed too: the tests never end.\n")
    if not survivors:
        print("None survived of those that were tried.")
        return
    print("| survivor | why it may |\n| --- | --- |")
    for name, came in survivors:
        if came == "survived":
            shown = name.replace("|", "\\|")
            print(f"| `{shown}` | {reasons.get(name, '**not explained**')} |")


main()
