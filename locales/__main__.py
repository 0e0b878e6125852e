"""``python -m locales extract|check|begin|fingerprint``: what translators and CI run."""

from __future__ import annotations

import argparse
import sys

from locales.extract import begin, extract, stale
from locales.lint import findings
from locales.reviews import fingerprint
from locales.wording import names


def _extract(_locale: str | None) -> int:
    for path in extract():
        sys.stdout.write(f"updated {path}\n")
    return 0


def _check(_locale: str | None) -> int:
    found = [*findings(), *stale()]
    sys.stderr.writelines(f"{finding}\n" for finding in found)
    sys.stdout.write(f"{len(found)} findings\n")
    return 1 if found else 0


def _begin(locale: str | None) -> int:
    sys.stdout.write(f"began {begin(locale or '')}\n")
    return 0


def _fingerprint(locale: str | None) -> int:
    for name in names():
        words = fingerprint(name, locale or "")
        sys.stdout.write(f'["{locale}"."{name}"]\nwords = "{words}"\n')
    return 0


COMMANDS = {"extract": _extract, "check": _check, "begin": _begin, "fingerprint": _fingerprint}


def main() -> int:
    """Run the command named on the command line; nonzero where the words are not right."""
    parser = argparse.ArgumentParser(prog="python -m locales", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("locale", nargs="?", help="a tag such as es-US")
    given = parser.parse_args()
    if given.command in {"begin", "fingerprint"} and not given.locale:
        parser.error(f"{given.command} needs a language")
    return COMMANDS[given.command](given.locale)


if __name__ == "__main__":
    sys.exit(main())
