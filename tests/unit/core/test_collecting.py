"""The collector of cycles: out of the way for a block, back after it."""

import gc

import pytest

from inters4.core.collecting import nothing_collected


def test_nothing_is_collected_inside_and_everything_after() -> None:
    assert gc.isenabled()
    with nothing_collected():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_made_inside_is_not_looked_at_again() -> None:
    with nothing_collected():
        kept = [[number] for number in range(50)]
    try:
        held = {id(each) for each in gc.get_objects()}
        assert not any(id(each) in held for each in kept)
    finally:
        gc.unfreeze()


def test_a_block_inside_another_leaves_the_collector_to_the_outer_one() -> None:
    with nothing_collected():
        with nothing_collected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.unfreeze()


def test_a_failure_inside_brings_the_collector_back() -> None:
    with pytest.raises(ImportError), nothing_collected():
        raise ImportError
    assert gc.isenabled()
    gc.unfreeze()
