"""What an examination comes to."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MADE_ON_START: Final = "no action needed: created on first start, or by plg migrate"


class Verdict(StrEnum):
    """Good, worth a remark, or wrong."""

    OK = "ok"
    REMARK = "remark"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """How one thing is, and what to do about it."""

    subject: str
    verdict: Verdict
    detail: str
    advice: str | None = None


def fine(subject: str, detail: str) -> Finding:
    """Return that all is well."""
    return Finding(subject, Verdict.OK, detail)


def remark(subject: str, detail: str, advice: str) -> Finding:
    """Return that it works, but could be better."""
    return Finding(subject, Verdict.REMARK, detail, advice)


def wrong(subject: str, detail: str, advice: str) -> Finding:
    """Return that something must be done."""
    return Finding(subject, Verdict.WRONG, detail, advice)
