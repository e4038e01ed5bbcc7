"""A problem carries a code and facts, and is put into words in either language."""

import copy
import pickle

import pytest

from xincai.errors import Problem, codes, explain


def test_a_problem_reads_in_both_languages() -> None:
    problem = Problem("desk.shape_too_few_points", points=2)
    assert "2" in explain(problem, "zh").what
    assert "2" in explain(problem, "en").what
    assert explain(problem, "zh").next != explain(problem, "en").next


def test_a_code_without_words_is_our_bug() -> None:
    with pytest.raises(KeyError):
        explain(Problem("desk.no_such_thing"))


def test_a_problem_crosses_processes_whole() -> None:
    problem = Problem("desk.shape_too_few_points", points=2)
    for twin in (copy.copy(problem), pickle.loads(pickle.dumps(problem))):
        assert (twin.code, twin.facts) == (problem.code, problem.facts)


def test_codes_name_their_room() -> None:
    assert all(code.startswith("desk.") for code in codes("desk"))
