"""Gateways on one data folder know of each other, and of a restore."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest

from plg.adapters.files.gateways import LockedGateways
from plg.domain.errors import StorageUnavailable
from plg.entrypoints.cli.doctor.examine_settings import examine_gateways
from plg.entrypoints.cli.doctor.findings import Verdict


@pytest.fixture
def gateways(tmp_path: Path) -> LockedGateways:
    return LockedGateways(tmp_path / "data" / "gateways")


def test_the_first_gateway_is_alone(gateways: LockedGateways) -> None:
    with gateways.serving() as others:
        assert list(others) == []


def test_the_second_gateway_learns_of_the_first(gateways: LockedGateways) -> None:
    with gateways.serving(), gateways.serving() as others:
        assert list(others) == [os.getpid()]


def test_workers_are_no_gateways_of_their_own(gateways: LockedGateways) -> None:
    with gateways.working(), gateways.working(), gateways.serving() as others:
        assert list(others) == []


def test_a_gateway_that_ended_is_forgotten(gateways: LockedGateways, tmp_path: Path) -> None:
    with gateways.serving():
        pass

    assert list((tmp_path / "data" / "gateways").iterdir()) == []
    assert gateways.running() == []


def test_what_a_killed_gateway_left_behind_counts_for_nothing(
    gateways: LockedGateways, tmp_path: Path
) -> None:
    left = tmp_path / "data" / "gateways" / "4711-0a1b2c3d.gateway"
    left.parent.mkdir(parents=True)
    left.touch()

    assert gateways.running() == []
    with gateways.serving() as others:
        assert (list(others), left.exists()) == ([], False)


def test_looking_makes_nothing(gateways: LockedGateways, tmp_path: Path) -> None:
    assert (gateways.running(), list(tmp_path.iterdir())) == ([], [])


@pytest.mark.parametrize("kind", ["serving", "working"])
def test_nothing_starts_while_all_are_kept_out(gateways: LockedGateways, kind: str) -> None:
    with (
        gateways.none(),
        pytest.raises(StorageUnavailable, match="restore"),
        getattr(gateways, kind)(),
    ):
        pass


@pytest.mark.parametrize("kind", ["serving", "working"])
def test_whatever_serves_keeps_a_restore_out(gateways: LockedGateways, kind: str) -> None:
    with (
        getattr(gateways, kind)(),
        pytest.raises(StorageUnavailable, match="stop it first"),
        gateways.none(),
    ):
        pass


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    gateways = LockedGateways(tmp_path / "file" / "gateways")

    with pytest.raises(StorageUnavailable, match="cannot be written"), gateways.serving():
        pass


def test_doctor_says_what_several_gateways_share(gateways: LockedGateways) -> None:
    found = []
    with ExitStack() as stack:
        for _ in range(3):
            found.append(examine_gateways(gateways.running()))
            stack.enter_context(gateways.serving())

    assert [each.verdict for each in found] == [Verdict.OK, Verdict.OK, Verdict.REMARK]
    assert "rate limits multiply by 2" in found[-1].detail
