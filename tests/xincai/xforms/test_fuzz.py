"""Odd inputs by number (`oddities`): refused with words or borne, never a fault, never long.

The campaign (`make campaign`) runs a million of them; here a few thousand that are the same each time.
"""

import time

import oddities
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

SHARE = 1_000


@pytest.mark.parametrize("part", range(4))
def test_odd_inputs_are_refused_with_words_or_borne(part: int) -> None:
    for number in range(part * SHARE, (part + 1) * SHARE):
        began = time.process_time()
        oddities.run(number)
        assert time.process_time() - began < 3, f"input {number} takes too long"


@settings(max_examples=500, deadline=None)
@given(st.integers(0, 2**62))
@example(50_109)  # a map nested too deep for the JSON reader
@example(564_290)  # a count that reads what its own instances hold
@example(268_823)  # a name within a predicate on nodes of several places
def test_any_odd_input_is_refused_with_words_or_borne(number: int) -> None:
    oddities.run(number)
