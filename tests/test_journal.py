from __future__ import annotations

import hashlib
import json
import os
import stat
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.journal import Journal
from pipeline.settings import Places
from tests.support.roots import new_root, put

NOW = datetime(2026, 3, 23, 2, 0)
DEFAULT_SHARE = 0.20


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return new_root(tmp_path)


def journal(places: Places, now: datetime = NOW, rest_seconds: float = 0) -> Journal:
    return Journal(places, clock=lambda: now, rest_seconds=rest_seconds)


def sha(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def received(places: Places) -> dict[tuple[str, str], datetime]:
    book = journal(places)
    return {(path, sha256): at for path, sha256, at in book.files(book.scan()).select("path", "sha256", "received_at").iter_rows()}


# -- what is found ----------------------------------------------------------------------------------------------------


def test_files_are_found_archived_and_written_down(places: Places) -> None:
    file = put(places, "城关镇/周报.xlsx", "内容")
    found = journal(places).scan().files
    assert [(f.path, f.sha256, f.size) for f in found] == [("城关镇/周报.xlsx", sha("内容"), 6)]
    created = datetime.fromtimestamp(file.stat().st_ctime, UTC).replace(tzinfo=None)
    assert found[0].received_at == created
    kept = journal(places).archived(sha("内容"))
    assert kept.read_text() == "内容"
    assert [stat.S_IMODE(p.stat().st_mode) for p in (places.archive, kept.parent, kept, places.journal)] == [0o700, 0o700, 0o600, 0o600]


@pytest.mark.parametrize(
    "name", ["~$周报.xlsx", ".~周报.xlsx", ".~lock.周报.ods#", ".DS_Store", ".隐藏/周报.xlsx", "周报.xlsx.part", "Thumbs.db", "desktop.ini"]
)
def test_lock_hidden_and_half_loaded_files_are_passed_over(places: Places, name: str) -> None:
    put(places, name)
    scan = journal(places).scan()
    assert (scan.files, scan.refused, scan.waiting) == ((), (), ())


def test_links_that_lead_outside_are_refused_and_links_inside_are_not_read_twice(places: Places) -> None:
    outside = places.root / "secret.xlsx"
    outside.write_text("外面")
    put(places, "里面/a.xlsx", "里面")
    (places.raw / "链接.xlsx").symlink_to(outside)
    (places.raw / "外.文件夹").symlink_to(places.root)
    (places.raw / "内.文件夹").symlink_to(places.raw / "里面")
    (places.raw / "断.xlsx").symlink_to(places.raw / "没有")
    (places.raw / "环").symlink_to(places.raw / "环")
    scan = journal(places).scan()
    assert [f.path for f in scan.files] == ["里面/a.xlsx"]
    assert {path for path, _ in scan.refused} == {"链接.xlsx", "外.文件夹", "内.文件夹", "断.xlsx", "环"}
    assert all(" / " in reason for _, reason in scan.refused)


def test_a_link_to_a_file_inside_is_read(places: Places) -> None:
    put(places, "a.xlsx", "一")
    (places.raw / "b.xlsx").symlink_to(places.raw / "a.xlsx")
    assert [f.path for f in journal(places).scan().files] == ["a.xlsx", "b.xlsx"]


def test_a_name_that_is_not_utf8_is_refused_with_what_to_do(places: Places) -> None:
    Path(os.fsdecode(bytes(places.raw) + b"/" + "周报.xlsx".encode("gb18030"))).write_text("x")
    ((_, reason),) = journal(places).scan().refused
    assert "重命名" in reason


def test_a_pipe_is_not_waited_for(places: Places) -> None:
    os.mkfifo(places.raw / "管道.xlsx")
    assert [path for path, _ in journal(places).scan().refused] == ["管道.xlsx"]


def test_a_file_still_being_copied_waits(places: Places) -> None:
    growing, ready = put(places, "大.xlsx", "一"), put(places, "小.xlsx", "一")
    stop = threading.Event()

    def copy() -> None:
        while not stop.is_set():
            with growing.open("a") as handle:
                handle.write("一")
            time.sleep(0.01)

    copying = threading.Thread(target=copy)
    copying.start()
    try:
        scan = journal(places, rest_seconds=0.2).scan()
    finally:
        stop.set()
        copying.join()
    assert (scan.waiting, [f.path for f in scan.files]) == (("大.xlsx",), [ready.name])
    assert [f.path for f in journal(places).scan().files] == ["大.xlsx", "小.xlsx"]


# -- when it was received ---------------------------------------------------------------------------------------------


def test_the_first_receipt_stays_and_a_second_scan_writes_nothing(places: Places) -> None:
    file = put(places, "a.xlsx")
    first = received(places)
    before = places.journal.read_bytes()
    os.utime(file)
    file.chmod(0o600)
    assert received(places) == first
    assert places.journal.read_bytes() == before


def test_a_receipt_entered_ahead_wins_over_the_files_own_time(places: Places) -> None:
    put(places, "示例/a.xlsx", "一")
    journal(places).record_received("示例/a.xlsx", sha("一"), NOW - timedelta(days=400))
    journal(places).record_received("示例/a.xlsx", sha("别的"), NOW - timedelta(days=300))
    assert received(places) == {("示例/a.xlsx", sha("一")): NOW - timedelta(days=400)}
    assert received(places) == {("示例/a.xlsx", sha("一")): NOW - timedelta(days=400)}


def test_each_content_of_a_path_is_a_row_and_an_old_one_put_back_is_received_anew(places: Places) -> None:
    put(places, "a.xlsx", "旧")
    old = received(places)[("a.xlsx", sha("旧"))]
    put(places, "a.xlsx", "新")
    time.sleep(0.02)
    assert set(received(places)) == {("a.xlsx", sha("旧")), ("a.xlsx", sha("新"))}
    put(places, "a.xlsx", "旧")
    after = received(places)
    assert after[("a.xlsx", sha("旧"))] > after[("a.xlsx", sha("新"))] > old
    book = journal(places)
    files = book.files(book.scan())
    assert dict(files.select("sha256", "is_present").iter_rows()) == {sha("旧"): True, sha("新"): False}


def test_a_renamed_file_keeps_its_bytes_and_gets_its_own_row(places: Places) -> None:
    file = put(places, "a.xlsx", "一")
    received(places)
    file.rename(places.raw / "b.xlsx")
    assert set(received(places)) == {("a.xlsx", sha("一")), ("b.xlsx", sha("一"))}
    assert len([p for p in places.archive.rglob("*") if p.is_file()]) == 1


# -- the journal itself -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("torn", ['{"kind": "se', '{"kind": "seen", "path": "x.xlsx"}', "\x00\x00"])
def test_a_line_torn_by_a_crash_is_dropped_and_cut_off(places: Places, torn: str) -> None:
    put(places, "a.xlsx", "一")
    first = received(places)
    with places.journal.open("a") as handle:
        handle.write(torn)
    assert received(places) == first
    put(places, "b.xlsx", "二")
    assert received(places).keys() == {*first, ("b.xlsx", sha("二"))}
    assert all(json.loads(line)["kind"] == "seen" for line in places.journal.read_text().splitlines())


def test_a_journal_damaged_in_the_middle_is_not_guessed_at(places: Places) -> None:
    put(places, "a.xlsx")
    received(places)
    places.journal.write_text("###\n" + places.journal.read_text())
    with pytest.raises(ValueError, match="请从备份恢复"):
        journal(places)


def test_missing_archive_bytes_say_so(places: Places) -> None:
    with pytest.raises(FileNotFoundError, match="备份"):
        journal(places).archived("0" * 64)


# -- withdrawal -------------------------------------------------------------------------------------------------------


def test_a_withdrawal_covers_what_was_there_and_not_what_comes_after(places: Places) -> None:
    put(places, "a.xlsx", "错")
    journal(places).scan()
    journal(places, NOW + timedelta(hours=1)).withdraw("a.xlsx", "报错表", "王分析")
    put(places, "a.xlsx", "对")
    book = journal(places, NOW + timedelta(hours=2))
    files = book.files(book.scan())
    assert dict(files.select("sha256", "is_withdrawn").iter_rows()) == {sha("错"): True, sha("对"): False}


@pytest.mark.parametrize(
    ("path", "reason", "by", "error", "says"),
    [
        ("没有.xlsx", "报错表", "王", KeyError, "从未收到"),
        ("a.xlsx", " ", "王", ValueError, "原因"),
        ("a.xlsx", "报错表", "", ValueError, "姓名"),
    ],
)
def test_a_withdrawal_needs_a_known_file_a_reason_and_a_name(places: Places, path: str, reason: str, by: str, error: type, says: str) -> None:
    put(places, "a.xlsx")
    book = journal(places)
    book.scan()
    with pytest.raises(error, match=says):
        book.withdraw(path, reason, by)


# -- what is gone -----------------------------------------------------------------------------------------------------


def test_a_vanished_file_withdraws_nothing(places: Places) -> None:
    for n in range(10):
        put(places, f"{n}.xlsx", str(n))
    journal(places).scan()
    (places.raw / "3.xlsx").unlink()
    book = journal(places)
    scan = book.scan()
    gone = book.vanished(scan, DEFAULT_SHARE)
    assert (gone.paths, gone.n_known, gone.is_blocking, gone.share) == (("3.xlsx",), 10, False, 0.1)
    assert "outreach withdraw" in gone.message
    files = book.files(scan)
    assert files.height == 10
    assert not files["is_withdrawn"].any()


@pytest.mark.parametrize(("n_gone", "is_blocking"), [(0, False), (1, False), (2, False), (3, True), (10, True)])
def test_more_than_the_share_gone_blocks_until_confirmed(places: Places, n_gone: int, is_blocking: bool) -> None:
    for n in range(10):
        put(places, f"{n}.xlsx", str(n))
    journal(places).scan()
    for n in range(n_gone):
        (places.raw / f"{n}.xlsx").unlink()
    book = journal(places)
    gone = book.vanished(book.scan(), DEFAULT_SHARE)
    assert gone.is_blocking is is_blocking
    book.confirm_vanished(gone, "运维")
    again = journal(places)
    assert again.vanished(again.scan(), DEFAULT_SHARE).paths == ()


def test_an_unmounted_folder_blocks_and_comes_back_unharmed(places: Places) -> None:
    put(places, "a.xlsx")
    before = received(places)
    places.raw.rename(places.root / "away")
    book = journal(places)
    scan = book.scan()
    gone = book.vanished(scan, DEFAULT_SHARE)
    assert (scan.is_raw_missing, gone.is_blocking, gone.paths) == (True, True, ("a.xlsx",))
    assert "未挂载" in gone.message
    (places.root / "away").rename(places.raw)
    assert received(places) == before


def test_a_new_root_without_folder_or_files_blocks_nothing(tmp_path: Path) -> None:
    book = journal(Places(tmp_path))
    assert not book.vanished(book.scan(), DEFAULT_SHARE).is_blocking
    assert book.files(book.scan()).is_empty()


def test_a_withdrawn_file_may_go(places: Places) -> None:
    file = put(places, "a.xlsx")
    book = journal(places)
    book.scan()
    book.withdraw("a.xlsx", "报错表", "王")
    file.unlink()
    assert book.vanished(book.scan(), DEFAULT_SHARE).paths == ()


# -- the sample -------------------------------------------------------------------------------------------------------


def test_the_sample_goes_with_its_bytes_and_leaves_real_ones(places: Places) -> None:
    put(places, "示例/a.xlsx", "只在示例")
    put(places, "示例/b.xlsx", "也是真的")
    put(places, "b.xlsx", "也是真的")
    book = journal(places)
    book.scan()
    assert book.remove_sample() == 2
    for file in (places.raw / "示例").iterdir():
        file.unlink()
    again = journal(places)
    scan = again.scan()
    assert again.files(scan)["path"].to_list() == ["b.xlsx"]
    assert again.vanished(scan, DEFAULT_SHARE).paths == ()
    assert again.archived(sha("也是真的")).is_file()
    with pytest.raises(FileNotFoundError):
        again.archived(sha("只在示例"))
    assert again.remove_sample() == 0
