"""Severity after ENISA 2013, computed a second time.

Written from the description of the method and of the file format alone, without a look at the program's own source, so that a
slip in one of the two shows as a difference. Exact fractions throughout; standard library only.
"""

from fractions import Fraction

UNKNOWN = "unknown"
# the marks that a level differs from the usual one for, and the way each moves it
RAISING = ("volume", "controller", "individuals")
LOWERING = ("inaccurate", "public-before", "nature")

CATEGORIES = ("simple", "behavioural", "financial", "sensitive")
BASE = {"simple": 1, "behavioural": 2, "financial": 3, "sensitive": 4}
LEVELS = (1, 2, 3, 4)

QUARTER, HALF = Fraction(1, 4), Fraction(1, 2)
IDENTIFICATION = {"negligible": QUARTER, "limited": HALF, "significant": 3 * QUARTER, "maximum": Fraction(1)}
CONFIDENTIALITY = {"none": Fraction(0), "no-evidence": Fraction(0), "known-recipients": QUARTER, "unknown-recipients": HALF}
INTEGRITY = {"none": Fraction(0), "unused": Fraction(0), "recoverable": QUARTER, "unrecoverable": HALF}
AVAILABILITY = {"none": Fraction(0), "recoverable": Fraction(0), "temporary": QUARTER, "permanent": HALF}
MALICIOUS = {False: Fraction(0), True: HALF}
BANDS = ((2, "low"), (3, "medium"), (4, "high"))
MANY = 100

# what a method has of its own: the prefix of its vectors, and the levels that a listed item sets
METHODS = {
    "enisa-2013": ("ENISA:2013", {}),
    "odo24": ("ODO24:2013", {"national-id": 4}),
}


class Refused(Exception):
    """The incident cannot be scored; the code is the finding's."""


def number(fraction):
    """As it is printed: no trailing zeros, no `.0`."""
    return int(fraction) if fraction.denominator == 1 else float(fraction)


def text(fraction):
    return str(number(fraction))


def span(low, high):
    return {"min": number(low), "max": number(high)}


def reason(table):
    """The reason that a table gives; a blank one is none."""
    why = table.get("why", "")
    return why if why.strip() else None


def band(score):
    return next((name for below, name in BANDS if score < below), "very-high")


def ends(answer, scores):
    """The lowest and the highest score that an answer may turn out to have."""
    if answer == UNKNOWN:
        return min(scores.values()), max(scores.values())
    return scores[answer], scores[answer]


class Category:
    """One category of data that is, or may be, hit."""

    def __init__(self, name, table, own_levels):
        self.name = name
        self.items = table.get("items", [])
        self.because = table.get("because", [])
        self.why = reason(table)
        self.certain = table.get("affected", True) is True
        self.usual = max([BASE[name]] + [own_levels.get(item, 0) for item in self.items])
        self.level = table.get("level", self.usual)
        self.low, self.high = (LEVELS[0], LEVELS[-1]) if self.level == UNKNOWN else (self.level, self.level)
        self.check()

    def check(self):
        if self.level in (UNKNOWN, self.usual):
            return
        fitting = RAISING if self.level > self.usual else LOWERING
        if not self.because:
            raise Refused("level-without-because")
        if not any(factor in fitting for factor in self.because):
            raise Refused("because-wrong-direction")
        if self.why is None:
            raise Refused("level-without-why")

    def shown(self):
        return {
            "category": self.name,
            "base": BASE[self.name],
            "score": self.high,
            "range": span(Fraction(self.low), Fraction(self.high)),
            "level": self.level,
            "because": self.because,
            "why": self.why,
            "items": self.items,
        }


def severity(incident, method="enisa-2013"):
    """The `severity` of an assessment, key by key as it is printed."""
    prefix, own_levels = METHODS[method]
    data = incident.get("data", {})
    # what is said not to be hit is none of it
    hit = [Category(name, data[name], own_levels) for name in CATEGORIES if name in data and data[name].get("affected", True) is not False]
    if not hit:
        raise Refused("missing")

    losses = {}
    for part in ("confidentiality", "integrity", "availability"):
        losses[part] = incident.get(part, {}).get("loss", "none")
    if all(loss == "none" for loss in losses.values()):
        raise Refused("no-loss")

    # the highest counts, never a sum; what may not be hit at all counts for the upper end only
    dpc_low = max([category.low for category in hit if category.certain], default=LEVELS[0])
    dpc_high = max(category.high for category in hit)
    deciding = next(category for category in hit if category.high == dpc_high)

    ei_level = incident["identification"]["level"]
    ei_low, ei_high = ends(ei_level, IDENTIFICATION)

    c_low, c_high = ends(losses["confidentiality"], CONFIDENTIALITY)
    i_low, i_high = ends(losses["integrity"], INTEGRITY)
    a_low, a_high = ends(losses["availability"], AVAILABILITY)
    meant = incident.get("intent", {}).get("malicious", UNKNOWN)
    m_low, m_high = ends(meant, MALICIOUS)
    cb_low, cb_high = c_low + i_low + a_low + m_low, c_high + i_high + a_high + m_high

    low, high = dpc_low * ei_low + cb_low, dpc_high * ei_high + cb_high
    # a level that somebody lowered is put where it lies without a reason of its own
    unlowered = max(max(category.high, category.usual) for category in hit)

    count = incident.get("subjects", {}).get("count", UNKNOWN)
    protection = incident.get("protection", {})
    flags = []
    if count != UNKNOWN and count > MANY:
        flags.append("many-individuals")
    if protection.get("unintelligible") is True and protection.get("key_safe") is True:
        flags.append("unintelligible")

    metrics = (("DPC", Fraction(dpc_high)), ("EI", ei_high), ("C", c_high), ("I", i_high), ("A", a_high), ("M", m_high))
    return {
        "score": number(high),
        "range": span(low, high),
        "level": band(high),
        "vector": "/".join([prefix] + [f"{name}:{text(value)}" for name, value in metrics]),
        "dpc": {
            "score": dpc_high,
            "range": span(Fraction(dpc_low), Fraction(dpc_high)),
            "category": deciding.name,
            "categories": [category.shown() for category in hit],
        },
        "ei": {
            "score": number(ei_high),
            "range": span(ei_low, ei_high),
            "level": ei_level,
            "why": reason(incident["identification"]),
        },
        "cb": {
            "score": number(cb_high),
            "range": span(cb_low, cb_high),
            "confidentiality": {"score": number(c_high), "loss": losses["confidentiality"]},
            "integrity": {"score": number(i_high), "loss": losses["integrity"]},
            "availability": {"score": number(a_high), "loss": losses["availability"]},
            "malicious": {"score": number(m_high), "answer": meant},
        },
        "flags": flags,
        "without_lowering": number(unlowered * ei_high + cb_high),
    }
