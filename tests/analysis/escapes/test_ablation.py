"""The benchmark that switches parts of the analysis off still finds each of them."""

import pytest

from benchmarks.escapes import OFF, without


@pytest.mark.parametrize("part", OFF)
def test_a_part_that_is_switched_off_is_one_of_the_analysis(part: str) -> None:
    place, name, other = OFF[part]
    before = getattr(place, name)
    with without(part):
        assert getattr(place, name) is other
    assert getattr(place, name) is before
