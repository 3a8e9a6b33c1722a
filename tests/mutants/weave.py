"""Every small change of some files that cargo-mutants can think of, woven into one build and chosen when it runs: a minute for a hundred of them, and
not a build for each. In a copy of the tree under target/; what is found is left as cargo-mutants leaves it, for table.py.

    weave.py OUT NAME...     needs cargo-mutants, and `pip install tree-sitter tree-sitter-rust`

What cannot be woven (a field left out, a change within `if let … && …`, another iterator) is listed in OUT/NAME/unwoven, for cargo-mutants itself."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import tree_sitter
import tree_sitter_rust

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OUT = pathlib.Path(sys.argv[1]).resolve()
TREE = OUT / "tree"
# the quickest first, the tests of the modules last; what all of these let live survives
TESTS = ("engine", "cases", "clock", "examples", "severity", "cli", "readme", "report", "properties")
ENV = {**os.environ, "CARGO_PROFILE_DEV_DEBUG": "0", "PROPTEST_CASES": "64", "CARGO_TARGET_DIR": str(OUT / "build"), "RUST_BACKTRACE": "0"}
# no test takes a tenth of it
SECONDS = 200
CHOICE = """
/// Whether this change is the one that is tried.
pub(crate) fn mutant(n: usize) -> bool {
    static CHOSEN: std::sync::OnceLock<usize> = std::sync::OnceLock::new();
    *CHOSEN.get_or_init(|| std::env::var("MUTANT").ok().and_then(|n| n.parse().ok()).unwrap_or(usize::MAX)) == n
}
"""
PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_rust.language()))


class Weaver:
    """One file, with the changes that are to be woven into it: number and mutant as cargo-mutants lists it."""

    def __init__(self, source, mutants):
        self.source = source
        self.at = {}
        self.woven = set()
        lines = source.split(b"\n")
        starts = [0]
        for line in lines:
            starts.append(starts[-1] + len(line) + 1)
        for number, mutant in mutants:
            place = mutant["span"]["start"]
            # columns are counted in characters
            offset = starts[place["line"] - 1] + len(lines[place["line"] - 1].decode()[: place["column"] - 1].encode())
            self.at.setdefault((mutant["genre"], offset), []).append((number, mutant["replacement"]))

    def text(self):
        root = PARSER.parse(self.source).root_node
        return self.between(0, root.start_byte) + self.render(root) + self.between(root.end_byte, len(self.source))

    def between(self, start, end):
        return self.source[start:end].decode()

    def render(self, node):
        changes = lambda genre, offset=node.start_byte: self.at.get((genre, offset), [])
        if node.type in ("binary_expression", "compound_assignment_expr"):
            left, operator, right = (node.child_by_field_name(name) for name in ("left", "operator", "right"))
            if operator and (found := changes("BinaryOperator", operator.start_byte)):
                left, right = self.render(left), self.render(right)
                return self.either([(n, f"{left} {other} {right}") for n, other in found], f"{left} {operator.text.decode()} {right}")
        if node.type == "unary_expression" and (found := changes("UnaryOperator")):
            operand = self.render(node.children[-1])
            return self.either([(n, other + operand) for n, other in found], node.children[0].text.decode() + operand)
        if node.type == "match_pattern" and (guard := node.child_by_field_name("condition")):
            return self.between(node.start_byte, guard.start_byte) + self.guard(guard)
        if node.type == "match_arm" and (found := changes("MatchArm")):
            return self.without_arm(node, found)
        if node.type == "block" and node.parent.type == "function_item":
            inner = next((found for child in node.children[1:-1] if (found := changes("FnValue", child.start_byte))), [])
            self.woven |= {n for n, _ in inner}
            instead = "".join(f"\nif crate::mutant({n}) {{ return {value}; }} /*M{n}M*/\n" for n, value in inner)
            return "{" + instead + self.children(node)[1:]
        return self.children(node)

    def children(self, node):
        out, at = "", node.start_byte
        for child in node.children:
            out += self.between(at, child.start_byte) + self.render(child)
            at = child.end_byte
        return out + self.between(at, node.end_byte)

    def guard(self, guard):
        found = self.at.get(("MatchArmGuard", guard.start_byte), [])
        return self.either(found, self.render(guard)) if found else self.render(guard)

    def without_arm(self, arm, found):
        self.woven |= {n for n, _ in found}
        pattern = arm.child_by_field_name("pattern")
        guard = pattern.child_by_field_name("condition")
        there = " && ".join(f"!crate::mutant({n})" for n, _ in found)
        out, at = "", pattern.end_byte
        for child in (c for c in arm.children if c.start_byte >= pattern.end_byte):
            out += self.between(at, child.start_byte) + self.render(child)
            at = child.end_byte
        out += self.between(at, arm.end_byte)
        if guard:
            return self.between(pattern.start_byte, guard.start_byte) + f"{there} && ({self.guard(guard)})" + out
        return f"{pattern.text.decode()} if {there}{out}"

    def either(self, found, otherwise):
        out = ""
        for n, instead in found:
            self.woven.add(n)
            # on lines of their own, by which the compiler's errors are known
            out += f"if crate::mutant({n}) {{\n/*M{n}M*/ {instead} /*M{n}M*/\n}} else "
        return f"({out}{{ {otherwise} }})"


def copied():
    """The tree as git knows it, and the changes that cargo-mutants lists for each name."""
    shutil.rmtree(TREE, ignore_errors=True)
    for name in subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")[:-1]:
        if (ROOT / name).is_symlink() or (ROOT / name).is_file():
            (TREE / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, TREE / name, follow_symlinks=False)
    with (TREE / "src/lib.rs").open("a") as lib:
        lib.write(CHOICE)
    listed = ["cargo", "mutants", "--list", "--json", "--file"]
    return {name: json.loads(subprocess.run([*listed, f"src/{name}.rs"], cwd=ROOT, capture_output=True, text=True, check=True).stdout) for name in sys.argv[2:]}


def main():
    listed = copied()
    numbered = {name: [(1000 * i + n, m) for n, m in enumerate(mutants)] for i, (name, mutants) in enumerate(listed.items(), 1)}
    originals = {name: (TREE / f"src/{name}.rs").read_bytes() for name in listed}
    dead, unwoven = set(), {}
    while True:
        for name, mutants in numbered.items():
            # a function gives one type, also where only `impl` stands for it
            fits = lambda m: m["genre"] != "FnValue" or "impl" not in m["function"]["return_type"]
            weaver = Weaver(originals[name], [(n, m) for n, m in mutants if n not in dead and fits(m)])
            (TREE / f"src/{name}.rs").write_text(weaver.text())
            unwoven[name] = [m for n, m in mutants if n not in weaver.woven | dead]
        checked = subprocess.run(["cargo", "check", "--locked", "--lib", "--message-format=json"], cwd=TREE, capture_output=True, text=True, env=ENV)
        if checked.returncode == 0:
            break
        faults = set()
        for message in (json.loads(line) for line in checked.stdout.splitlines()):
            if message.get("reason") == "compiler-message" and message["message"]["level"] == "error":
                for span in message["message"]["spans"]:
                    lines = (TREE / span["file_name"]).read_text().splitlines()[span["line_start"] - 1 : span["line_end"]]
                    faults |= {int(n) for line in lines for n in re.findall(r"/\*M(\d+)M\*/", line)}
        if not faults:
            sys.exit(checked.stderr + checked.stdout[-4000:])
        dead |= faults
    built = ["cargo", "test", "--locked", "--no-run", "--message-format=json", "--lib", *(f"--test={test}" for test in TESTS)]
    built = subprocess.run(built, cwd=TREE, capture_output=True, text=True, env=ENV)
    if built.returncode:
        sys.exit(built.stderr)
    messages = [json.loads(line) for line in built.stdout.splitlines() if line.startswith("{")]
    programs = {m["target"]["name"]: m["executable"] for m in messages if m.get("executable") and m["profile"]["test"]}
    order = [programs[test] for test in (*TESTS, "breach")]

    def outcome(number):
        for program in order:
            try:
                run = subprocess.run([program, "-q"], cwd=TREE, capture_output=True, env={**ENV, "MUTANT": str(number)}, timeout=SECONDS)
            except subprocess.TimeoutExpired:
                return "Timeout"
            if run.returncode:
                return "CaughtMutant"
        return "MissedMutant"

    if outcome(0) != "MissedMutant":
        sys.exit("the tests fail without any change")
    for name, mutants in numbered.items():
        left = [m["name"] for m in unwoven[name]]
        tried = [(n, m) for n, m in mutants if m["name"] not in left]
        with ThreadPoolExecutor() as pool:
            came = list(pool.map(lambda one: "Unviable" if one[0] in dead else outcome(one[0]), tried))
        outcomes = [{"scenario": {"Mutant": m}, "summary": summary} for (_, m), summary in zip(tried, came)]
        folder = OUT / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pass-1.json").write_text(json.dumps({"total_mutants": len(mutants), "outcomes": outcomes}))
        (folder / "unwoven").write_text("".join(line + "\n" for line in left))
        missed = [m["name"] for (_, m), summary in zip(tried, came) if summary == "MissedMutant"]
        print(f"{name}: {len(mutants)} mutants, {len(left)} not woven, {len(missed)} survived", *missed, sep="\n  ", flush=True)


main()
