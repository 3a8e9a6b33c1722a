"""The table of mutants, from what cargo-mutants left in a folder for each file, with the reason why a survivor may live.

A file that was not tried again keeps its row of the table as it stands, so its survivors have to be tried again with it."""

import json
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
FILES = ("score", "decide", "clock", "calendar", "duties")
WORDS = {"CaughtMutant": "caught", "MissedMutant": "survived", "Timeout": "hung", "Unviable": "does not build"}


def explained():
    """The reasons by mutant; a mutant is named by what stands behind its place, since its line moves."""
    rows = [line.split("\t") for line in (HERE / "explained.tsv").read_text().splitlines() if line and not line.startswith("#")]
    return {(name, behind): why for name, behind, why in rows}


def known(mutant):
    """A mutant's name without its line, and the text of the file from its place on."""
    start = mutant["span"]["start"]
    line = (ROOT / mutant["file"]).read_text().splitlines()[start["line"] - 1]
    # columns are counted in characters
    return re.sub(r":\d+:\d+:", ":", mutant["name"]), line[start["column"] - 1 :][:40].strip()


def outcomes(folder):
    """What became of each mutant: of several passes the last one that tried it counts. And how many there are."""
    came, planned = {}, 0
    for path in sorted(folder.glob("pass-*.json")):
        done = json.loads(path.read_text())
        planned = planned or done["total_mutants"]
        for outcome in done["outcomes"]:
            mutant = outcome["scenario"].get("Mutant") if isinstance(outcome["scenario"], dict) else None
            if mutant:
                came[mutant["name"]] = (mutant, WORDS.get(outcome["summary"], outcome["summary"]))
    return list(came.values()), planned


def main():
    reasons = explained()
    old = (ROOT / "tests" / "mutants.md").read_text().splitlines()
    rows, survivors = [], []
    for name in FILES:
        tried, planned = outcomes(pathlib.Path(sys.argv[1]) / name)
        if not tried:
            rows.append(next((row for row in old if row.startswith(f"| `src/{name}.rs` |")), f"| `src/{name}.rs` | not tried | 0 |  |  |  |  |"))
            survivors += [row for row in old if row.startswith(f"| `src/{name}.rs: ")]
            continue
        counts = dict.fromkeys(WORDS.values(), 0)
        for mutant, came in tried:
            counts[came] += 1
            if came == "survived":
                what, behind = known(mutant)
                why = reasons.get((what, behind), "**not explained**")
                cell = lambda text: text.replace("|", "\\|")
                survivors.append(f"| `{cell(what)}` | `{cell(behind)}` | {why} |")
        rows.append(f"| `src/{name}.rs` | {planned} | {len(tried)} | {counts['caught']} | {counts['does not build']} | {counts['hung']} | {counts['survived']} |")
    print("# Mutants of the engine\n")
    print("Every small change of these files that `cargo mutants` can think of, and whether a test noticed it. Made by `tests/mutants/run`;")
    print("the reasons stand in `tests/mutants/explained.tsv`.\n")
    print("| file | mutants | tried | caught | do not build | hung | survived |\n| --- | --- | --- | --- | --- | --- | --- |")
    print("\n".join(rows))
    print("\nOne that hangs is noticed too: the tests never end.\n")
    if not survivors:
        print("None survived of those that were tried.")
        return
    print("| survivor | at | why it may |\n| --- | --- | --- |")
    print("\n".join(survivors))


main()
