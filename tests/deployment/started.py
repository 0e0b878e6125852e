"""A deployment's own commands, started on this machine as a container would start them."""

from __future__ import annotations

import os
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import httpx

from simulator.news import News
from simulator.phone import Phone
from simulator.texting import TextPhone
from simulator.transport import http_transport
from tests.deployment.files import HOUSE, INSTALLED, image_environment, let_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from simulator.transport import Transport

PATIENCE_SECONDS = 180.0
GRACE_SECONDS = 45.0
MADE_BY_THE_BUILD = (".venv-app", ".venv-rasa", ".models")


def build(folder: Path) -> Path:
    """Return a folder with what the image holds: the context's files, and what make makes."""
    for path in let_in():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((HOUSE / path).read_bytes())
    for made in MADE_BY_THE_BUILD:
        (folder / made).symlink_to(HOUSE / made)
    return folder


def environment(image: Path, home: Path, told: Mapping[str, str]) -> dict[str, str]:
    """Return a container's environment: the image's, then what it is told; nothing of ours."""
    texts = {
        name: text.replace(INSTALLED, str(image)).replace("$PATH", os.environ["PATH"])
        for name, text in image_environment().items()
    }
    return {**texts, "LANG": "C.UTF-8", **told, "HOME": str(home)}


@dataclass
class Container:
    """A command that is running."""

    process: subprocess.Popen[bytes]
    log: Path

    def end(self) -> int:
        """Stop it as an engine does; returns its exit status."""
        self.process.terminate()
        return self.process.wait(GRACE_SECONDS)


@contextmanager
def started(
    image: Path, command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator[Container]:
    """Give a command, running in the image's folder; it is stopped in the end."""
    words = [word.replace(INSTALLED, str(image)) for word in command]
    with log.open("wb") as output:
        process = _popen(words, image, environment, output)
        container = Container(process, log)
        try:
            yield container
        finally:
            container.end()


def _popen(
    words: list[str], image: Path, environment: Mapping[str, str], output: IO[bytes]
) -> subprocess.Popen[bytes]:
    # The program is looked up in the container's PATH and not in ours.
    program = next(
        found
        for folder in ("", *environment["PATH"].split(":"))
        if (found := (image / folder / words[0])).is_file()
    )
    return subprocess.Popen(
        [str(program), *words[1:]],
        cwd=image,
        env=dict(environment),
        stdout=output,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
    )


def refusal(image: Path, command: list[str], environment: Mapping[str, str], log: Path) -> str:
    """Return what a command says that refuses to start; fails where it starts."""
    with started(image, command, environment, log) as container:
        assert container.process.wait(PATIENCE_SECONDS) == 1
    return log.read_text("utf-8")


@dataclass(frozen=True)
class Deployed:
    """A line that runs: where it is reached here, what it is called outside, and its secrets."""

    image: Path
    port: int
    public: str
    account: str
    token: str = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)

    @property
    def local(self) -> str:
        """Return the web process's own address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def transport(self) -> Transport:
        """Return the wire to it, for what is signed for the public address: the door's part."""
        return http_transport(reached_at=self.local)

    def phone(self, number: str, clinic: str) -> Phone:
        """Return a telephone that rings it."""
        return Phone(self.public, self.account, self.token, number, clinic, self.transport)

    def text_phone(self, number: str, clinic: str) -> TextPhone:
        """Return a telephone that texts it."""
        return TextPhone(self.public, self.account, self.token, number, clinic, self.transport)

    def news(self, number: str) -> News:
        """Return what the simulator's carrier brings to a telephone from now on."""
        news = News(f"{self.local}/simulator/carrier", self.account, self.token, number)
        news.catch_up()
        return news

    def get(self, path: str) -> httpx.Response:
        """Return what the web process answers."""
        return httpx.get(self.local + path, timeout=10, trust_env=False)


def wait_until(answers: Callable[[], bool], container: Container) -> None:
    """Wait until something is so; fails with the container's words where it ends before."""
    begun = time.monotonic()
    while not answers():
        says = container.log.read_text("utf-8")
        assert container.process.poll() is None, says
        assert time.monotonic() - begun < PATIENCE_SECONDS, says
        time.sleep(0.2)
