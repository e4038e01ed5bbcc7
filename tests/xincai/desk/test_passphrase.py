"""What guards a laptop that may be stolen is not the owner's name, a date or a short word."""

import pytest

from xincai import clock
from xincai.desk import passphrase, sounds, words
from xincai.desk.views import Profile

PERSON = Profile(role="officer", name="李测四", office="测试县农业农村局")


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ("", "desk.passphrase_short"),
        ("abc123", "desk.passphrase_short"),
        ("1990030719900307", "desk.passphrase_simple"),
        ("aaaaaaaaaaaa", "desk.passphrase_simple"),
        ("李测四的电脑口令很长", "desk.passphrase_personal"),
        ("licesi19900307", "desk.passphrase_personal"),
        ("LICESI在上班的路上", "desk.passphrase_personal"),
        ("床前明月光疑是地上霜", "desk.passphrase_common"),
        ("woaini1314520", "desk.passphrase_common"),
        ("1qaz2wsx3edc", "desk.passphrase_run"),
        ("abcdabcdabcd5", "desk.passphrase_run"),
        ("1990年3月7日x", "desk.passphrase_date"),
        ("13800000000xyz", "desk.passphrase_number"),
        ("donkey milk", "desk.passphrase_guessable"),
        ("春天的麦田里有风车转", ""),
        ("correct horse battery", ""),
        ("x7$Kq9!mZw", ""),
        ("麦田 风车 雨伞 铁桥", ""),
    ],
)
def test_a_weak_passphrase_is_named_for_what_it_is(chosen: str, why: str) -> None:
    assert passphrase.weakness(chosen, PERSON) == why


@pytest.mark.parametrize(
    "chosen",
    [
        "licesi-maitian-fengche",
        "lǐcèsì maitian fengche",
        "LÎCÈSÌ maitian fengche",
        "isecil maitian fengche 9",
        "四测李的麦田风车铁桥",
        "l.i.c.e.s.i maitian fengche",
        "li3 ce4 si4 maitian fengche",
        "ｌｉｃｅｓｉ maitian fengche",
        "lcs maitian fengche xx",
        "maitian-fengche-L.C.S",
        "scl maitian fengche xx",
        "csl maitian fengche xx",
        "lics maitian fengche xx",
        "li maitian fengche tieqiao",
        "李 测 四 麦田风车铁桥",
        "李 麦田风车铁桥雨伞",
        "测四的麦田风车铁桥雨伞",
        "si ce li maitian fengche",
        "cesili maitian fengche88",
        "cesi maitian fengche88",
        "nongyenongcunju maitian88",
        "NongYe-NongCun maitian 88",
        "农业农村的麦田风车铁桥",
        "csxnyncj maitian fengche",
        "麦田风车铁桥雨伞在测试县",
    ],
)
def test_what_is_ones_own_is_known_however_it_is_written(chosen: str) -> None:
    assert passphrase.weakness(chosen, PERSON) == "desk.passphrase_personal"


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("单测试", "shanceshi maitian fengche"),
        ("欧阳测", "ouyang maitian fengche tie"),
        ("欧阳测", "ce ouyang maitian fengche"),
        ("吕测", "lvce- maitian fengche tieqiao x lvce"),
        ("吕测试", "lǚ cè shì maitian fengche"),
        ("吕测试", "lyuceshi maitian fengche"),
        ("王鑫赟", "wangxinyun maitian fengche"),
        ("王䶮测", "wangyance maitian fengche"),
        ("𬭎测试", "hongceshi maitian fengche"),
        ("阿测依·买试提", "maishiti fengche tieqiao"),
        ("Anna Smith", "htims maitian fengche tie"),
        ("Anna Smith", "Anna likes windmills in May"),
        ("禾田农机合作社", "hetiannongji 88 windmill"),
    ],
)
def test_names_of_all_kinds_are_known(name: str, chosen: str) -> None:
    assert passphrase.weakness(chosen, Profile("filer", name)) == "desk.passphrase_personal"
    assert passphrase.weakness(chosen, Profile("filer", "")) != "desk.passphrase_personal"


@pytest.mark.parametrize(
    "chosen", ["calcs of nine windmills", "slices of maitian bread", "桃李满天下的麦田风车铁桥"]
)
def test_a_few_letters_within_a_word_are_nobodys(chosen: str) -> None:
    assert passphrase.weakness(chosen, PERSON) == ""


NUMBERS = [
    ("410499199003071234", "desk.passphrase_number"),
    ("41049919900307123X", "desk.passphrase_number"),
    ("410499 19900307 1234", "desk.passphrase_number"),
    ("4-1-0-4-9-9-1-9-9-0-0-3-0-7-1-2-3-4", "desk.passphrase_number"),
    ("432170300991994014", "desk.passphrase_number"),
    ("13800000000", "desk.passphrase_number"),
    ("138 0000 0000", "desk.passphrase_number"),
    ("１３８００００００００", "desk.passphrase_number"),
    ("一三八零零零零零零零零", "desk.passphrase_number"),
    ("1990-03-07", "desk.passphrase_date"),
    ("1990年3月7日", "desk.passphrase_date"),
    ("1990 03 07", "desk.passphrase_date"),
    ("一九九〇〇三〇七", "desk.passphrase_date"),
    ("70300991", "desk.passphrase_date"),
    ("900307", "desk.passphrase_date"),
]


@pytest.mark.parametrize(("number", "why"), NUMBERS)
def test_a_number_or_date_counts_nothing_and_what_is_left_must_be_strong(number: str, why: str) -> None:
    for weak in (f"{number} maitian fengche", f"maitian{number}fengche", f"maitian fengche {number}"):
        assert passphrase.weakness(weak, PERSON) == why
    rest = "麦田 风车 雨伞 铁桥"
    assert passphrase.weakness(f"{number} {rest}", PERSON) == ""
    bits = [passphrase.strength(chosen, PERSON).bits for chosen in (rest, f"{number}{rest}")]
    assert bits[0] == bits[1]


def test_words_drawn_by_lot_are_always_good() -> None:
    """Also for who is called as a word of the list, or works at an office made of such words."""
    named = words.words()[::400]
    with clock.fixed(clock.now(), seed="words"):
        for number in range(2_000):
            drawn = words.offer().words
            word = named[number % len(named)]
            first = drawn.split()[0]
            person = Profile("officer", f"王{first}", f"{word}村")
            assert passphrase.weakness(drawn, person) == "", (drawn, person)


def test_a_word_of_the_list_said_six_times_is_not_drawn() -> None:
    assert passphrase.weakness("春天 春天 春天 春天 春天 春天", Profile("officer", "王春天")) != ""


def test_characters_outside_the_common_ones_have_a_sound() -> None:
    assert sounds.readings("鑫")[0] == ("xin",)
    assert ("yan",) in sounds.readings("䶮")
    assert sounds.readings("单单")[0] == ("dan", "dan")
    assert ("shan", "dan") in sounds.readings("单单")
    assert sounds.readings("abc") == sounds.readings("") == sounds.readings("李a") == ()
    level_two = bytes(range(0xB0, 0xF8))
    for high in level_two:
        for low in range(0xA1, 0xFF):
            try:
                character = bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                continue
            assert sounds.readings(character), character


def test_the_bits_grow_with_what_is_added_and_never_with_what_is_ones_own() -> None:
    bits = [
        passphrase.strength(typed, PERSON).bits for typed in ("麦田风车", "麦田风车雨伞", "麦田风车雨伞铁桥")
    ]
    assert bits == sorted(set(bits))
    assert passphrase.strength("麦田风车李测四", PERSON).bits == bits[0]


@pytest.mark.parametrize(
    "typed", ["", "\0", "🌾" * 40, "a" * 500, "1" * 500, "天" * 500, "[(*", "ａｂｃ１２３"]
)
def test_whatever_is_typed_is_weighed(typed: str) -> None:
    assert passphrase.strength(typed, PERSON).bits >= 0
