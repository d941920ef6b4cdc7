"""
Seeded players: the same seed and index give the same record, and none is stored.

Faker fills a few pools once. A record is then drawn from them on demand, so a million
players cost nothing at the start.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random
from typing import Final

import msgspec
from faker import Faker

_ID: Final = re.compile(r"KB-([0-9]{6,12})")
_EPOCH: Final = datetime(2025, 1, 1, tzinfo=UTC)
_LOCALES: Final = ("en_US", "pl_PL", "ja_JP")
_POOL_SIZE: Final = 256
_MATCHES: Final = 6
_BEYOND_DOUBLES: Final = 2**53
_MAPS: Final = ("Harbour", "Dust", "Foundry", "Old Town", "Glacier")
_MODES: Final = ("duel", "squad", "siege")


@dataclass(frozen=True, slots=True)
class Match:
    """One match that a player took part in."""

    match_id: int
    map: str
    mode: str
    played_at: datetime
    kills: int
    deaths: int
    damage: msgspec.Raw
    is_won: bool


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Shares of shots that hit, as decimals with their trailing zeros."""

    head: msgspec.Raw
    body: msgspec.Raw


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a player's matches add up to."""

    played: int
    won: int
    kill_death_ratio: msgspec.Raw
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class PlayerRecord:
    """
    A player as the source tells it.

    `score` is beyond 2^53, `lifetime_points` beyond 64 bits and `rating` ends in zeros:
    reading them as floats changes them.
    """

    killer_bi_id: str
    version: int
    nick: str
    name: str
    email: str
    country: str
    level: int
    joined_at: datetime
    score: int
    lifetime_points: msgspec.Raw
    rating: msgspec.Raw
    stats: Statistics
    matches: tuple[Match, ...]


def player_id(index: int) -> str:
    """Return the id of the player at `index`, counted from 1."""
    return f"KB-{index:06d}"


def player_index(key: str) -> int | None:
    """Return the index that `key` stands for, or None if no player can have that id."""
    found = _ID.fullmatch(key)
    index = int(found[1]) if found else 0
    return index if index and player_id(index) == key else None


@dataclass(frozen=True, slots=True)
class Pools:
    """What records are drawn from."""

    names: tuple[str, ...]
    nicks: tuple[str, ...]
    countries: tuple[str, ...]


@lru_cache(maxsize=8)
def pools_of(seed: int) -> Pools:
    """Return the pools of `seed`; remembered, because faker takes its time."""
    faker = Faker(_LOCALES)
    faker.seed_instance(seed)
    english = faker["en_US"]
    return Pools(
        names=tuple(faker.name() for _ in range(_POOL_SIZE)),
        nicks=tuple(english.user_name() for _ in range(_POOL_SIZE)),
        countries=tuple(english.country() for _ in range(_POOL_SIZE)),
    )


class PlayerBook:
    """Draws players from a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._pools = pools_of(seed)

    def record(self, index: int, version: int) -> PlayerRecord:
        """Return the player at `index`; `version` changes its content, not who it is."""
        draw = Random(f"{self._seed}/{index}")  # noqa: S311 - seeded data, not a secret
        nick = f"{draw.choice(self._pools.nicks)}{index}"
        return PlayerRecord(
            killer_bi_id=player_id(index),
            version=version,
            nick=nick,
            name=draw.choice(self._pools.names),
            email=f"{nick}@example.org",
            country=draw.choice(self._pools.countries),
            level=draw.randint(1, 99),
            joined_at=_moment(draw),
            score=_BEYOND_DOUBLES + 2 * draw.randrange(10**12) + 2 * version + 1,
            lifetime_points=_number(str(draw.randrange(10**24, 10**25))),
            rating=_number(f"{draw.randint(1, 99)}.{draw.randint(1, 9)}00"),
            stats=_statistics(draw),
            matches=tuple(_match(draw) for _ in range(_MATCHES)),
        )

    def body(self, index: int, version: int) -> bytes:
        """Return the JSON list that holds the player at `index` alone."""
        return msgspec.json.encode([self.record(index, version)])


def _number(literal: str) -> msgspec.Raw:
    return msgspec.Raw(literal.encode())


def _moment(draw: Random) -> datetime:
    return _EPOCH + timedelta(seconds=draw.randrange(365 * 86400))


def _statistics(draw: Random) -> Statistics:
    played = draw.randint(10, 5000)
    return Statistics(
        played=played,
        won=draw.randint(0, played),
        kill_death_ratio=_number(f"{draw.randint(0, 4)}.{draw.randint(10, 99)}0"),
        accuracy=Accuracy(
            head=_number(f"0.{draw.randint(1, 9)}000"),
            body=_number(f"0.{draw.randint(1, 9)}500"),
        ),
    )


def _match(draw: Random) -> Match:
    return Match(
        match_id=draw.randrange(2**60, 2**63),
        map=draw.choice(_MAPS),
        mode=draw.choice(_MODES),
        played_at=_moment(draw),
        kills=draw.randint(0, 40),
        deaths=draw.randint(0, 40),
        damage=_number(f"{draw.randint(0, 9999)}.{draw.randint(0, 9)}0"),
        is_won=draw.random() < 0.5,  # noqa: PLR2004 - a fair coin
    )
