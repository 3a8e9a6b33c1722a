#!/usr/bin/env python3
"""Write all-864.tsv: every vector of the method with its score and level.

Written from the text of the formula alone, apart from the Rust code, in whole quarters:
SE = DPC x EI + CB; low < 2 <= medium < 3 <= high < 4 <= very-high.
Run in this folder: python3 generate.py
"""

import itertools
import pathlib

QUARTERS = {0: "0", 1: "0.25", 2: "0.5", 3: "0.75"}


def written(q):
    whole, part = divmod(q, 4)
    return str(whole) + QUARTERS[part][1:]


def level(q):
    if q < 8:
        return "low"
    if q < 12:
        return "medium"
    if q < 16:
        return "high"
    return "very-high"


rows = []
seen = {"low": 0, "medium": 0, "high": 0, "very-high": 0}
at = {8: 0, 12: 0, 16: 0}
scores = set()
for dpc, ei, c, i, a, m in itertools.product((1, 2, 3, 4), (1, 2, 3, 4), (0, 1, 2), (0, 1, 2), (0, 1, 2), (0, 2)):
    q = dpc * ei + c + i + a + m  # dpc is whole, the others are in quarters, so q is in quarters
    vector = f"ENISA:2013/DPC:{dpc}/EI:{written(ei)}/C:{written(c)}/I:{written(i)}/A:{written(a)}/M:{written(m)}"
    rows.append((vector, written(q), level(q)))
    seen[level(q)] += 1
    scores.add(q)
    if q in at:
        at[q] += 1

# counted by hand and by others before this was written
assert len(rows) == len({r[0] for r in rows}) == 864
assert seen == {"low": 273, "medium": 295, "high": 170, "very-high": 126}, seen
assert at == {8: 89, 12: 53, 16: 30}, at
assert scores == set(range(1, 25)), scores

text = "vector\tscore\tlevel\n" + "".join("\t".join(r) + "\n" for r in rows)
pathlib.Path(__file__).with_name("all-864.tsv").write_text(text, encoding="utf-8", newline="\n")
