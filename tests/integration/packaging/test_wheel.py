"""The built wheel, installed away from the checkout, migrates and serves by itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, and unpack it into a folder of its own."""
    dist = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(dist)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    target = tmp_path_factory.mktemp("installed")
    (wheel,) = dist.glob("*.whl")
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", str(target), str(wheel)], check=True)
    return target


def environment(installed: Path) -> dict[str, str]:
    """Return the environment in which the installed copy is found, and not measured."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    return {**kept, "PYTHONPATH": str(installed)}


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**environment(installed), "DATA_DIR": str(folder / "data")}
    python = [sys.executable, "-m", "plg", *command]
    return subprocess.run(
        python, env=env, cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


def test_an_installed_plg_is_not_the_checkout(installed: Path, tmp_path: Path) -> None:
    env = environment(installed)
    code = "import plg.adapters.sql.database.versions as v; print(v.folder())"
    shown = subprocess.run(
        [sys.executable, "-c", code],
        env=env,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.strip() == str(installed / "plg" / "alembic")


def test_an_installed_plg_migrates(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "migrate")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "db.sqlite3").stat().st_size > 0
    assert (tmp_path / "data" / "cache.sqlite3").stat().st_size > 0


def test_an_installed_plg_has_its_documents(installed: Path) -> None:
    static = installed / "plg" / "entrypoints" / "http" / "docs" / "static"

    assert (static / "swagger-ui-dist" / "swagger-ui-bundle.js").is_file()
    assert (static / "redoc" / "redoc.standalone.js").is_file()
    assert (static / "swagger-ui-dist" / "LICENSE").is_file()
    assert (static.parent / "consumers.md").is_file()
