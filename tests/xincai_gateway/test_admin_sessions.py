"""Who is logged in: known to every worker, ended by time, by logging out and by a new passphrase."""

import datetime
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from offices import PASSPHRASE, opened, serving, worker
from xincai import clock
from xincai.errors import Problem
from xincai_gateway import administrators, schema
from xincai_gateway.admin import sessions
from xincai_gateway.administrators import FREE, names, remove, set_passphrase
from xincai_gateway.database import Database


@dataclass
class Workers:
    """Two workers of one gateway's pages, and a look into its tables."""

    left: str
    right: str
    database: Database


@pytest.fixture(scope="module")
def workers(
    backend: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workers]:
    folder = tmp_path_factory.mktemp("pages")
    url = "" if backend == "embedded" else request.getfixturevalue("pg").database()
    with opened(folder, url) as office, serving(folder, url) as left, worker(folder, url) as right:
        yield Workers(left, right, office.gateway.database)


@pytest.fixture
def person(workers: Workers) -> requests.Session:
    """Somebody who logged in at the left worker; the browser's cookie goes to both."""
    set_passphrase(workers.database, "admin", PASSPHRASE)
    session = requests.Session()
    reply = log_in(session, workers.left)
    assert reply.url.endswith("/admin/devices")
    return session


def log_in(
    session: requests.Session, url: str, passphrase: str = PASSPHRASE, **headers: str
) -> requests.Response:
    fields = {"name": "admin", "passphrase": passphrase}
    return session.post(f"{url}/admin/login", data=fields, headers=headers, timeout=20)


def is_inside(session: requests.Session, url: str) -> bool:
    reply = session.get(f"{url}/admin/devices", timeout=20, allow_redirects=False)
    return reply.status_code == 200


def mark(session: requests.Session, url: str) -> str:
    page = session.get(f"{url}/admin/devices", timeout=20).text
    return page.partition('name="csrf" value="')[2].partition('"')[0]


def test_a_login_at_one_worker_holds_at_the_other(workers: Workers, person: requests.Session) -> None:
    assert is_inside(person, workers.left)
    assert is_inside(person, workers.right)
    sign = mark(person, workers.left)
    form = {"csrf": sign, "office": "410499000000"}
    assert "410499000000-" in person.post(f"{workers.right}/admin/code", data=form, timeout=20).text
    assert not is_inside(requests.Session(), workers.right)


def test_logging_out_at_one_worker_ends_it_at_the_other(workers: Workers, person: requests.Session) -> None:
    person.post(f"{workers.right}/admin/logout", data={"csrf": mark(person, workers.left)}, timeout=20)
    assert not is_inside(person, workers.left)


def test_a_new_passphrase_ends_the_sessions_of_before(workers: Workers, person: requests.Session) -> None:
    set_passphrase(workers.database, "admin", PASSPHRASE)
    assert not is_inside(person, workers.left)
    assert not is_inside(person, workers.right)


def test_an_administrator_who_is_removed_is_out_at_once(workers: Workers, person: requests.Session) -> None:
    set_passphrase(workers.database, "second", PASSPHRASE)
    assert names(workers.database) == ["admin", "second"]
    remove(workers.database, "admin")
    assert not is_inside(person, workers.left)
    assert not is_inside(person, workers.right)
    assert log_in(requests.Session(), workers.left).status_code == 403
    with pytest.raises(Problem, match="no_administrator"):
        remove(workers.database, "admin")
    remove(workers.database, "second")


def test_wrong_passphrases_at_one_worker_count_at_the_other(
    workers: Workers, person: requests.Session
) -> None:
    for number in range(FREE):
        url = (workers.left, workers.right)[number % 2]
        assert log_in(requests.Session(), url, "a wrong passphrase").status_code == 403
    for url in (workers.left, workers.right):
        assert log_in(requests.Session(), url).status_code == 429
    assert is_inside(person, workers.left), "whoever is inside stays"


@pytest.mark.parametrize("change", ["removed", "a new passphrase"])
def test_who_loses_the_right_while_the_passphrase_is_being_checked_gets_no_session(
    tmp_path: Path, db_url: str, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    with opened(tmp_path, db_url) as office:
        database = office.gateway.database
        set_passphrase(database, "second", PASSPHRASE)
        verify = administrators._HASHER.verify

        def slow(known: str, given: str) -> object:
            found = verify(known, given)
            if change == "removed":
                remove(database, "second")
            else:
                set_passphrase(database, "second", PASSPHRASE[::-1])
            return found

        monkeypatch.setattr(administrators._HASHER.__class__, "verify", lambda _, *given: slow(*given))
        begin = functools.partial(sessions.begin, name="second", token=sessions.fresh_token())
        with pytest.raises(Problem, match="bad_passphrase"):
            administrators.log_in(database, "second", PASSPHRASE, begin)
        assert database.rows(sa.select(schema.sessions)) == []


@pytest.mark.parametrize(
    "changes",
    [{"seen_at": sessions.IDLE}, {"begun_at": sessions.LONGEST}],
    ids=["a half hour without a page", "twelve hours in all"],
)
def test_time_ends_a_session(
    workers: Workers, person: requests.Session, changes: "dict[str, datetime.timedelta]"
) -> None:
    def set_back(more: int) -> None:
        now = clock.now() + datetime.timedelta(seconds=more)
        values = {name: clock.stamp(now - length) for name, length in changes.items()}
        change = sa.update(schema.sessions).values(values)
        workers.database.write(lambda connection: connection.execute(change))

    set_back(30)
    assert is_inside(person, workers.right)
    set_back(-1)
    assert not is_inside(person, workers.right)
    log_in(person, workers.left)
    left = workers.database.rows(sa.select(schema.sessions))
    assert len(left) == 1, "what has ended is gone with the next log-in"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"office=" + b"x" * 70_000, "请求太大"),
        ("&".join(f"a{number}=1" for number in range(60)).encode(), "请求"),
        (b"office=\xff\xfe", "请求"),
        (b"nothing of a form", "请求"),
    ],
    ids=["large", "many fields", "no text", "no form"],
)
def test_a_form_that_is_none_is_refused_in_words(
    workers: Workers, person: requests.Session, body: bytes, told: str
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    for act in ("login", "code", "download"):
        reply = person.post(f"{workers.left}/admin/{act}", data=body, headers=headers, timeout=20)
        assert (reply.status_code, told in reply.text) == (400, True), act


def test_logging_in_takes_no_token_that_the_browser_brought(workers: Workers) -> None:
    set_passphrase(workers.database, "admin", PASSPHRASE)
    session = requests.Session()
    planted = "0" * 64
    session.cookies.set(sessions.COOKIE, planted, path="/admin")
    reply = log_in(session, workers.left)
    assert reply.url.endswith("/admin/devices")
    assert planted not in {cookie.value for cookie in session.cookies if cookie.domain}
    stranger = requests.Session()
    stranger.cookies.set(sessions.COOKIE, planted, path="/admin")
    assert not is_inside(stranger, workers.left)


def test_the_table_holds_no_token(workers: Workers, person: requests.Session) -> None:
    (row,) = workers.database.rows(sa.select(schema.sessions))
    assert person.cookies[sessions.COOKIE] not in row.values()


def test_too_many_sessions_push_out_the_oldest(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        database = office.gateway.database
        stamp = clock.stamp(clock.now() - datetime.timedelta(minutes=5))
        rows = [
            {"token_sm3": f"{number:064x}", "name": "admin", "csrf": "0", "begun_at": stamp, "seen_at": stamp}
            for number in range(sessions.MOST)
        ]
        database.write(lambda connection: connection.execute(schema.sessions.insert(), rows))
        database.write(lambda connection: sessions.begin(connection, "admin", sessions.fresh_token()))
        assert len(database.rows(sa.select(schema.sessions))) == sessions.MOST


def test_behind_a_proxy_that_speaks_tls_forms_work_and_the_cookie_is_for_tls_alone(workers: Workers) -> None:
    set_passphrase(workers.database, "admin", PASSPHRASE)
    proxied = {"Host": "county.example", "Origin": "https://county.example", "X-Forwarded-Proto": "https"}
    reply = requests.post(
        f"{workers.left}/admin/login",
        data={"name": "admin", "passphrase": PASSPHRASE},
        headers=proxied,
        timeout=20,
        allow_redirects=False,
    )
    assert reply.status_code == 303
    assert "Secure" in reply.headers["Set-Cookie"]
    elsewhere = {**proxied, "Origin": "https://elsewhere.example"}
    assert log_in(requests.Session(), workers.left, **elsewhere).status_code == 403
