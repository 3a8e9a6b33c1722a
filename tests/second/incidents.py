"""Random incidents for the second computation: the same seed, the same incidents."""

import random

from severity import BASE, CATEGORIES, LOWERING, RAISING, UNKNOWN

ITEMS = {
    "simple": """full-name initials username postal-address email phone date-of-birth national-id tax-number identity-document
        identity-document-copy photo signature vehicle-plate customer-number ip-address employment education family password
        password-weak-hash password-strong-hash other-simple""".split(),
    "behavioural": "location call-records browsing purchases preferences travel communications other-behavioural".split(),
    "financial": """bank-account payment-card payment-card-full income transactions debts credit-record tax-data benefits assets
        insurance contract other-financial""".split(),
    "sensitive": """health genetic biometric sex-life religion political trade-union ethnicity criminal-record professional-secret
        other-sensitive""".split(),
}
ALL_ITEMS = [item for items in ITEMS.values() for item in items]
LOSSES = {
    "confidentiality": ("none", "no-evidence", "known-recipients", "unknown-recipients", UNKNOWN),
    "integrity": ("none", "unused", "recoverable", "unrecoverable", UNKNOWN),
    "availability": ("none", "recoverable", "temporary", "permanent", UNKNOWN),
}


def incidents(seed, count):
    """So many incidents. Most can be scored; a few break one of the rules of the format."""
    chance = random.Random(seed)
    for n in range(count):
        yield incident(chance, f"{seed}-{n}")


def maybe(chance, table, key, values, left_out=0.25):
    """Sets an answer, or leaves it out."""
    if chance.random() >= left_out:
        table[key] = chance.choice(values)


def incident(chance, name):
    hit = chance.sample(CATEGORIES, chance.choice((1, 1, 1, 2, 2, 3, 4)))
    chance.shuffle(hit)
    made = {
        "format": 1,
        "id": name,
        "data": {which: category(chance, which) for which in hit},
        "identification": {"level": chance.choice(("negligible", "limited", "significant", "maximum", UNKNOWN))},
    }
    maybe(chance, made["identification"], "why", ("found on the web", "żółw – 亀"), 0.5)
    for part, losses in LOSSES.items():
        table = {}
        maybe(chance, table, "loss", losses)
        if table or chance.random() < 0.3:
            made[part] = table
    intent = {}
    maybe(chance, intent, "malicious", (True, False, False, UNKNOWN), 0.2)
    if intent or chance.random() < 0.3:
        made["intent"] = intent
    subjects = {}
    maybe(chance, subjects, "count", (1, 2, 99, 100, 101, 102, 5000, 1_000_000_000, UNKNOWN), 0.3)
    maybe(chance, subjects, "records", (1, 101, 1_000_000, UNKNOWN), 0.7)
    if subjects:
        made["subjects"] = subjects
    protection = {}
    maybe(chance, protection, "unintelligible", (True, False, UNKNOWN), 0.4)
    maybe(chance, protection, "key_safe", (True, True, False, UNKNOWN), 0.4)
    if protection:
        made["protection"] = protection
    beside(chance, made)
    # the order of the tables in the file means nothing
    keys = list(made)
    chance.shuffle(keys)
    return {key: made[key] for key in keys}


def category(chance, which):
    table = {"items": chance.sample(ITEMS[which] if chance.random() < 0.85 else ALL_ITEMS, chance.choice((0, 1, 1, 2, 3, 5)))}
    maybe(chance, table, "affected", (True, UNKNOWN, UNKNOWN, False), 0.7)
    maybe(chance, table, "level", (1, 2, 3, 4, UNKNOWN), 0.4)
    level = table.get("level")
    usual = max([BASE[which]] + [4 for item in table["items"] if item == "national-id"])
    if chance.random() < 0.03:
        # whatever comes of it
        table["because"] = chance.sample(RAISING + LOWERING, chance.choice((0, 1, 2)))
        maybe(chance, table, "why", ("a reason", " "))
    elif isinstance(level, int) and level in (usual, BASE[which]):
        # the usual level depends on the method: reasons for both ways
        table["because"] = [chance.choice(RAISING), chance.choice(LOWERING)]
        table["why"] = "as usual in this house"
    elif isinstance(level, int):
        table["because"] = [chance.choice(RAISING), chance.choice(LOWERING)]
        chance.shuffle(table["because"])
        table["why"] = "because of “this”, and that"
    elif chance.random() < 0.1:
        table["why"] = "nothing was moved"
    return table


def beside(chance, made):
    """Answers that no score may look at."""
    if chance.random() < 0.3:
        made["confidentiality"] = made.get("confidentiality", {})
        maybe(chance, made["confidentiality"], "recipient", ("internal", "partner", "ordinary", "adverse", UNKNOWN))
        maybe(chance, made["confidentiality"], "exfiltration", ("excluded", "not-excluded", "taken", UNKNOWN))
        maybe(chance, made["confidentiality"], "opened", (True, False, UNKNOWN))
    if chance.random() < 0.3:
        made["timeline"] = {"aware": "2026-11-20T16:40:00+01:00"}
    if chance.random() < 0.2:
        made["controller"] = {"country": chance.choice(("PL", "HU", "DE"))}
    if chance.random() < 0.1:
        made["decision"] = {"risk": chance.choice(("unlikely", "risk", "high")), "why": "so we think"}
