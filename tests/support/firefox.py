"""A Firefox driven over WebDriver BiDi, which every Firefox speaks by itself: no driver, no patched build.

Here: start, commands, events. Not here: what is asked of the pages (test_firefox.py).
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("firefox", "firefox-esr")
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://127\.0\.0\.1:\d+)")
QUIET = {"datareporting.policy.dataSubmissionEnabled": False, "toolkit.telemetry.enabled": False, "app.update.enabled": False,
         "browser.safebrowsing.update.enabled": False, "network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
         "browser.shell.checkDefaultBrowser": False, "intl.accept_languages": "zh-CN"}  # fmt: skip
EVENTS = ["log.entryAdded", "network.beforeRequestSent"]


class Firefox:
    """One tab. `said` are its error messages, `asked` the addresses it requested, both since the last `open`."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket, self.ids = socket, itertools.count(1)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=EVENTS)
        self.tab = self.command("browsingContext.getTree")["contexts"][0]["context"]

    def command(self, method: str, **params: object) -> dict[str, Any]:
        """The answer to a command; events that arrive before it are noted. Raises RuntimeError when Firefox refuses."""
        number = next(self.ids)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=60))
            if message.get("id") == number:
                if message["type"] == "error":
                    raise RuntimeError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]
            self.note(message)

    def note(self, event: dict[str, Any]) -> None:
        if event["method"] == "log.entryAdded" and event["params"]["level"] == "error":
            self.said.append(event["params"]["text"])
        if event["method"] == "network.beforeRequestSent":
            self.asked.append(event["params"]["request"]["url"])

    def open(self, address: str) -> None:
        self.said.clear()
        self.asked.clear()
        self.command("browsingContext.navigate", context=self.tab, url=address, wait="complete")

    def size(self, width: int, height: int) -> None:
        self.command("browsingContext.setViewport", context=self.tab, viewport={"width": width, "height": height})

    def evaluate(self, expression: str) -> Any:
        """The value of an expression (or of its promise) in the page, by way of JSON."""
        wrapped = f"Promise.resolve({expression}).then(v => JSON.stringify(v === undefined ? null : v))"
        answer = self.command("script.evaluate", expression=wrapped, target={"context": self.tab}, awaitPromise=True)
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """A headless Firefox with a fresh profile; raises FileNotFoundError where none is installed."""
    program = next((path for name in NAMES if (path := shutil.which(name))), None)
    if program is None:
        raise FileNotFoundError("no Firefox found: install one (Debian: apt install firefox-esr)")
    (profile / "user.js").write_text("".join(f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in QUIET.items()), "utf-8")
    command = [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0", "about:blank"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            address = next((found.group(1) for line in process.stderr if (found := LISTENING.search(line))), None)
            if address is None:
                raise RuntimeError("Firefox ended before it listened")
            with connect(f"{address}/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()
