"""SPEC.md and the tests speak of the same rules.

A Python test names its rules in the docstring, a client test in its title: "[SEQ-1] numbers have no gap".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.repository import ROOT, project_files, python_files, relative

RULE = re.compile(r"\[([A-Z]+-\d+)\]")
TITLE = re.compile(r"""\b(?:it|test|describe)(?:\.\w+(?:\([^)]*\))?)*\(\s*(["'`])((?:\\.|(?!\1).)*)\1""", re.DOTALL)


def rules_of_the_spec() -> set[str]:
    """Return the ids that SPEC.md states."""
    spec = ROOT / "SPEC.md"
    assert spec.is_file(), "SPEC.md is missing: it states the rules that the tests carry"
    rules = set(RULE.findall(spec.read_text("utf-8")))
    assert rules, "SPEC.md states no rule; a rule begins with its id, as in [SEQ-1]"
    return rules


def python_docstrings(source: str) -> Iterator[str]:
    """Yield the docstrings of test functions and test classes."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if node.name.lower().startswith("test"):
            yield ast.get_docstring(node) or ""


def client_titles(source: str) -> Iterator[str]:
    """Yield the titles of vitest's tests."""
    return (match[2] for match in TITLE.finditer(source))


def rules_in_tests() -> dict[str, list[str]]:
    """Return rule id → the files whose tests carry it."""
    places: dict[str, list[str]] = {}
    for path, texts in _all_tests():
        for rule in {rule for text in texts for rule in RULE.findall(text)}:
            places.setdefault(rule, []).append(relative(path))
    return places


def _all_tests() -> Iterator[tuple[Path, list[str]]]:
    for path in python_files("tests"):
        yield path, list(python_docstrings(path.read_text("utf-8")))
    for path in project_files():
        if relative(path).startswith("client/") and path.name.endswith((".test.ts", ".test.tsx")):
            yield path, list(client_titles(path.read_text("utf-8")))


def test_every_rule_has_a_test() -> None:
    untested = rules_of_the_spec() - set(rules_in_tests())
    assert not untested, f"no test carries {sorted(untested)}"


def test_every_id_in_a_test_is_a_rule() -> None:
    spec = rules_of_the_spec()
    unknown = {rule: files for rule, files in rules_in_tests().items() if rule not in spec}
    assert not unknown, f"SPEC.md does not state {unknown}"


def test_the_patterns_see_what_they_should() -> None:
    python = 'def test_a():\n    """[AB-1] [AB-2] Both."""\ndef helper():\n    """[AB-3]"""\n'
    assert [RULE.findall(text) for text in python_docstrings(python)] == [["AB-1", "AB-2"]]
    client = "it('[AB-4] isn\\'t', () => {}); test.each([1])(`[AB-5] n`, f); test(\"x\", g)"
    assert [RULE.findall(text) for text in client_titles(client)] == [["AB-4"], ["AB-5"], []]
