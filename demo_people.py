"""Who the simulator can call as: the demo clinic's people, read from where they are invented."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from simulator.numbers import ClinicLine, Numbers, Person

DEMO = Path(__file__).parent / "portal/demo.toml"


def demo_numbers() -> Numbers:
    """Return the demo clinics' lines and the demo patients, with what each of them knows."""
    demo = tomllib.loads(DEMO.read_text(encoding="utf-8"))
    return Numbers(
        clinics=tuple(ClinicLine(number=c["phone"], name=c["name"]) for c in demo["clinic"]),
        people=tuple(_person(patient) for patient in demo["patient"]),
    )


def _person(patient: dict[str, Any]) -> Person:
    return Person(
        number=patient["phone"],
        name=patient["name"],
        born=patient["born"].isoformat(),
        pin=patient.get("pin"),
        language=patient["locale"],
        note=patient.get("note", ""),
        landline=patient.get("line_type") == "landline",
    )
