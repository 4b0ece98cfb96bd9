"""Readers that misbehave in every way a file can make one misbehave; workers import them by name."""

from __future__ import annotations

import os
import signal
import sys
import time

from pipeline.intake.records import Reading, SetAside, Status
from pipeline.intake.refusals import WorkbookRefused
from pipeline.intake.workbook import open_workbook


class PanicException(BaseException):
    """Stands for the one a Rust extension raises: not an Exception, and unknown to the process that waits."""


def read_by_name(path: str, settings: object) -> Reading:
    """Do what the file's name says; any other name is read as a workbook."""
    match os.path.basename(path).partition(".")[0]:
        case "hang":
            time.sleep(600)
        case "greedy":
            return Reading(Status.ACCEPTED.value, set_aside=(SetAside("", "", str(len(bytearray(4 << 30)))),))
        case "abort":
            os.abort()
        case "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exit":
            os._exit(3)
        case "panic":
            raise PanicException("index out of bounds")
        case "mistake":
            raise ZeroDivisionError
        case "refused":
            raise WorkbookRefused("password_protected")
        case "environment":
            return Reading(Status.ACCEPTED.value, set_aside=(SetAside("", "", os.environ["POLARS_MAX_THREADS"]),))
        case "quarter_of_a_gigabyte":
            return Reading(Status.ACCEPTED.value, set_aside=(SetAside("", "", str(len(bytearray(256 << 20)))),))
        case "modules":
            return Reading(Status.ACCEPTED.value, set_aside=(SetAside("", "", " ".join(sys.modules)),))
        case "unlimited":
            return Reading(Status.ACCEPTED.value, set_aside=(SetAside("", "", str(len(open_workbook(path, max_cells=1 << 40).sheets))),))
        case "process":
            return Reading(Status.ACCEPTED.value, set_aside=(SetAside("", "", str(os.getpid())),))
    return Reading(Status.ACCEPTED.value, set_aside=tuple(SetAside(sheet.name, "", "seen") for sheet in open_workbook(path).sheets))
