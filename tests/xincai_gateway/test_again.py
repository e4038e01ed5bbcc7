"""What a destination refused: told, and sent again when somebody orders it, never by itself."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateways import OFFICE
from offices import opened, person
from xincai.errors import Problem
from xincai_gateway import rights, schema
from xincai_gateway.__main__ import main
from xincai_gateway.accesses import Asking
from xincai_gateway.outgoing import Consignment, Result, deliver
from xincai_gateway.outgoing.again import latest, lines, send_again


@dataclass
class Choosy:
    """A destination that refuses certain subjects, or everything."""

    name: str = "choosy"
    refuses: frozenset[str] = frozenset()
    whole: bool = False
    came: list[tuple[str, list[str]]] = field(default_factory=list)

    def send(self, consignment: Consignment, _: Callable[[], None]) -> Result:
        codes = [str(record["subject_code"]) for record in consignment.records]
        self.came.append((consignment.delivery, codes))
        if self.whole:
            return Result("3006", "不在管辖范围")
        each: Mapping[tuple[str, int], tuple[str, str]] = {
            (str(record["record"]), int(str(record["version"]))): ("2002", "代码不合")
            for record in consignment.records
            if record["subject_code"] in self.refuses
        }
        return Result(each=each)


def code_of(number: int) -> str:
    return person(number)["code"]


def test_what_was_refused_as_a_whole_goes_again_under_a_number_of_its_own(
    tmp_path: Path, db_url: str
) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(person(1), person(2))
        there = Choosy(whole=True)
        assert deliver(office.gateway, there) == 0
        ((first, _),) = there.came
        (row,) = latest(office.gateway.database)
        assert (row["status"], row["refused"], row["code"]) == ("失败", 2, "3006")
        there.whole = False
        assert deliver(office.gateway, there) == 0, "nothing goes again by itself"
        fresh = send_again(office.gateway.database, OFFICE, first, "admin", "辖区已更正")
        assert fresh != first
        assert deliver(office.gateway, there) == 2
        assert there.came[-1] == (fresh, sorted([code_of(1), code_of(2)], key=there.came[0][1].index))
        by_id = {each["delivery"]: each for each in latest(office.gateway.database)}
        assert (by_id[first]["status"], by_id[first]["message"]) == ("失败", "不在管辖范围")
        told = by_id[fresh]
        assert (told["follows"], told["ordered_by"], told["reason"], told["refused"]) == (
            first, "admin", "辖区已更正", 0,
        )  # fmt: skip


def test_of_a_delivery_that_was_taken_only_the_refused_records_go_again(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        office.deliver(person(1), person(2), person(3))
        there = Choosy(refuses=frozenset({code_of(2)}))
        deliver(office.gateway, there)
        ((first, _),) = there.came
        assert [line["code"] for line in lines(office.gateway.database, OFFICE, first)] == ["2002", "0", "0"]
        there.refuses = frozenset()
        send_again(office.gateway.database, OFFICE, first, "admin", "对方已修好")
        assert deliver(office.gateway, there) == 1
        assert there.came[-1][1] == [code_of(2)]
        assert {row["code"] for row in office.gateway.database.rows(schema.delivered.select())} == {"0"}


def test_what_was_withdrawn_meanwhile_does_not_go_again(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.deliver(person(1), person(2))
        there = Choosy(whole=True)
        deliver(office.gateway, there)
        ((first, _),) = there.came
        rights.withdraw(office.gateway, code_of(1), Asking("admin", "主体来函"))
        there.whole = False
        send_again(office.gateway.database, OFFICE, first, "admin", "辖区已更正")
        deliver(office.gateway, there)
        assert [codes for _, codes in there.came[1:]] == [[code_of(2)], []]


def test_only_what_ended_refused_can_be_ordered_and_only_with_a_reason(tmp_path: Path, db_url: str) -> None:
    with opened(tmp_path, db_url) as office:
        database = office.gateway.database
        office.deliver(person(1))
        there = Choosy()
        deliver(office.gateway, there)
        ((taken, _),) = there.came
        for given, code in (
            (("0", "原因"), "delivery_unknown"),
            ((taken, "原因"), "nothing_refused"),
            ((taken, " "), "no_reason"),
        ):
            with pytest.raises(Problem, match=code):
                send_again(database, OFFICE, given[0], "admin", given[1])
        office.deliver(person(2))
        there.whole = True
        deliver(office.gateway, there)
        refused = there.came[-1][0]
        open_one = send_again(database, OFFICE, refused, "admin", "再试")
        for delivery in (refused, open_one):
            with pytest.raises(Problem, match="nothing_refused"):
                send_again(database, OFFICE, delivery, "admin", "再试")


def test_the_commands_list_and_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(tmp_path) as office:
        office.deliver(person(1))
        deliver(office.gateway, Choosy(whole=True))
    common = ["--data", str(tmp_path / "data"), "--forms", str(tmp_path / "forms"), "--practice"]

    def said(*words: str) -> dict[str, object]:
        assert main([*words, *common]) == 0
        return dict(json.loads(capsys.readouterr().out))

    (row,) = said("deliveries")["deliveries"]  # type: ignore[misc]
    assert row["refused"] == 1
    fresh = said("resend", row["delivery"], "--office", OFFICE, "--who", "李示例", "--reason", "对方已修好")
    assert fresh["follows"] == row["delivery"]
    told = said("deliveries", "--office", OFFICE)["deliveries"]
    assert {each["status"] for each in told} == {"失败", "待上报"}  # type: ignore[attr-defined]
    assert said("deliveries", "--office", "410499101")["deliveries"] == []
    assert main(["resend", row["delivery"], "--office", OFFICE, "--reason", "再试", *common]) == 1
