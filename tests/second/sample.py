"""Random incidents with the severity computed here, one a line, for machines without Python: tests/severity.rs compares.

    python3 tests/second/sample.py > tests/second/sample.jsonl
"""

import json

from incidents import incidents
from severity import METHODS, Refused, severity

for seed, method in enumerate(METHODS, start=1000):
    for incident in incidents(seed, 120):
        line = {"method": method, "incident": incident}
        try:
            line["severity"] = severity(incident, method)
        except Refused as refused:
            line["refused"] = str(refused)
        print(json.dumps(line, ensure_ascii=False))
