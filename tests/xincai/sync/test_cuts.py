"""A line cut anywhere loses and doubles nothing. The campaign `campaign_cuts.py` cuts at every byte."""

from cutting import Direction, Ending, cutting
from gateway_here import Office

from xincai import clock

PHOTO = b"\xff\xd8" + bytes(3000)
STEP = 487


def test_a_cut_anywhere_loses_nothing_and_doubles_nothing(office: Office) -> None:
    with cutting(office.gateway.port) as cutter:
        cutter.arm("up", -1, "fin")
        office.batch(photo=PHOTO)
        assert office.deliver(cutter.url).settled == 1
        whole = dict(cutter.passed)
        tried = 1
        directions: tuple[Direction, ...] = ("up", "down")
        for direction in directions:
            for after in range(0, whole[direction], STEP):
                ending: Ending = "fin" if after // STEP % 2 else "rst"
                name = office.batch(photo=PHOTO + bytes([after % 251, tried % 251]))
                cutter.arm(direction, after, ending)
                report = office.deliver(cutter.url)
                assert (report.settled, report.problem) == (1, None), (direction, after, ending)
                assert office.vault.batch_states()[name] == "settled"
                tried += 1
    assert office.there() == tried == len(office.vault.batch_states())


def test_a_line_that_stays_dead_leaves_the_batch_unknown_and_the_next_run_settles_it(office: Office) -> None:
    with cutting(office.gateway.port) as cutter:
        name = office.batch()
        cutter.arm("down", 4000, "rst")
        cutter.heals = False
        report = office.deliver(cutter.url)
    assert report.problem is not None
    assert report.problem.code in {"sync.cut", "sync.unreachable", "sync.bad_reply"}
    assert office.vault.batch_states() == {name: "unknown"}
    assert office.deliver().settled == 1
    assert office.there() == 1


def test_a_large_photo_goes_on_where_it_was_cut(office: Office) -> None:
    office.batch(photo=b"\xff\xd8" + bytes(1_500_000))
    with cutting(office.gateway.port) as cutter:
        cutter.arm("up", 1_200_000, "rst")
        assert office.deliver(cutter.url).settled == 1
        assert cutter.cuts == 1
        assert cutter.passed["up"] < 2_300_000


def test_a_line_that_is_cut_again_and_again_still_gets_there(office: Office) -> None:
    office.batch(photo=b"\xff\xd8" + clock.random_bytes(1_000_000))
    with cutting(office.gateway.port) as cutter:
        cutter.arm("up", 60_000, "rst")
        cutter.every = True
        assert office.deliver(cutter.url).settled == 1
        assert cutter.cuts > 8
