"""`plg plans`."""

import pytest

from tests.integration.cli.conftest import CommandLine
from tests.ports import reserved_port

ANA = "ana@example.org"


@pytest.fixture
def ana(run: CommandLine) -> str:
    """Ana's account, by its id."""
    return str(run.json("accounts", "create", ANA)["id"])


REST = "any records  default rates  on offer"


def test_the_plans_on_offer_are_listed(run: CommandLine) -> None:
    listed = run("plans", "list")

    assert listed.stdout.splitlines() == [
        f"basic 1  Basic  0.10 EUR a request  100 a day  {REST}",
        f"enterprise 1  Enterprise  0.03 EUR a request  any number a day  {REST}",
        f"premium 1  Premium  0.05 EUR a request  1000 a day  {REST}",
    ]
    assert "3 plans" in listed.stderr


def test_a_plan_is_made_with_all_that_it_may_have(run: CommandLine) -> None:
    made = run.json(
        *("plans", "create", "fleet", "--name", "Fleet", "--currency", "USD", "--unit", "vin"),
        *("--price", "0.5", "--price-of", "miss", "1", "--price-of", "hit", "0"),
        *("--requests-per-day", "unlimited", "--vins-per-day", "20", "--rate", "9/second"),
        *("--source-calls", "5/minute", "--not-offered", "--effective", "now"),
    )

    assert (made["version"], made["price"], made["currency"]) == (1, "0.50", "USD")
    assert (made["prices"]["miss"], made["prices"]["hit"]) == ("1.00", "0.00")
    assert (made["requests_per_day"], made["vins_per_day"]) == (None, 20)
    assert (made["rate"], made["source_calls"], made["unit"]) == ("9/second", "5/minute", "vin")
    assert len(run.json("plans", "list")) == 3
    assert run.json("plans", "list", "--all")[2] == made


def test_a_plan_not_on_offer_is_marked(run: CommandLine) -> None:
    run("plans", "create", "fleet", "--price", "1", "--vins-per-day", "1", "--rate", "9/second")
    run("plans", "create", "fleet", "--not-offered", "--rate", "default", "--effective", "now")

    fleet = "fleet %s  fleet  1.00 EUR a request  any number a day  1 distinct a day"
    assert run("plans", "list", "--all").stdout.splitlines()[2:4] == [
        f"{fleet % 1}  9/second  on offer",
        f"{fleet % 2}  default rates  not on offer",
    ]


def test_a_version_begins_with_the_next_period_unless_told_otherwise(run: CommandLine) -> None:
    made = run("plans", "create", "basic", "--price", "0.2")

    assert made.stdout == f"basic 2  Basic  0.20 EUR a request  100 a day  {REST}\n"
    assert run.json("plans", "list")[0]["version"] == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["team"], "Price is needed"),
        (["Team", "--price", "1"], "Code must"),
        (["team", "--price", "1,0"], "--price must be an amount"),
        (["team", "--price", "1", "--requests-per-day", "many"], "--requests-per-day must"),
        (["team", "--price", "1", "--requests-per-day", "0"], "requests_per_day must"),
        (["team", "--price", "1", "--currency", "euro"], "--currency must"),
        (["team", "--price", "1", "--currency", "XXX"], "--currency must"),
        (["team", "--price", "1", "--rate", "fast"], "--rate must"),
        (["team", "--price-of", "gift", "1"], "is not one of"),
        (["team", "--price", "1", "--name", ""], "Name must"),
    ],
)
def test_a_plan_that_cannot_be_is_wrong_use(run: CommandLine, args: list[str], said: str) -> None:
    made = run("plans", "create", *args)

    assert (made.exit_code, said in made.stderr) == (2, True), made.stderr
    assert len(run.json("plans", "list", "--all")) == 3


@pytest.mark.usefixtures("ana")
def test_an_account_is_given_a_plan(run: CommandLine) -> None:
    now = run("plans", "assign", ANA, "premium", "--version", "1")
    later = run("plans", "assign", ANA, "enterprise", "--effective", "period-end")
    shown = run.json("plans", "show", ANA)

    assert (now.exit_code, later.exit_code) == (0, 0)
    assert (shown["plan"]["code"], shown["is_pinned"]) == ("premium", True)
    assert [each["plan"] for each in shown["planned"]] == ["enterprise"]
    assert "five seconds" in now.stderr


def test_what_an_account_has_is_shown(run: CommandLine, ana: str) -> None:
    override = ("plans", "override", ana, "--price", "0.01")
    first = run(*override, "--until", "2099-01-01").stdout.strip()
    run(*override, "--price-of", "hit", "0", "--from", "2098-01-01T00:00:00Z")
    run("plans", "cap", ana, "12.5", "--action", "block")
    run("plans", "assign", ana, "premium", "--effective", "period-end")
    lines = run("plans", "show", ana).stdout.splitlines()

    assert lines[0] == f"basic 1  Basic  0.01 EUR a request  100 a day  {REST}"
    assert lines[1].startswith("premium from ")
    assert lines[2].startswith(f"override {first} from 2")
    assert lines[2].endswith("until 2099-01-01T00:00:00Z: price 0.01")
    assert "from 2098-01-01T00:00:00Z until ended" in lines[3]
    assert lines[4] == "spend cap 12.50 EUR a month: block"


def test_an_override_is_shown_as_it_is_given(run: CommandLine, ana: str) -> None:
    run("plans", "override", ana, "--requests-per-day", "unlimited", "--rate", "default")
    run("plans", "override", ana, "--price-of", "hit", "0", "--price-of", "miss", "0.2")
    said = [line.rpartition(": ")[2] for line in run("plans", "show", ana).stdout.splitlines()[1:]]

    assert said == ["requests_per_day unlimited  rate default", "hit 0.00  miss 0.20"]


def test_an_override_is_ended(run: CommandLine, ana: str) -> None:
    added = run.json("plans", "override", ana, "--requests-per-day", "5", "--rate", "default")
    ended = run("plans", "override", ana, "--end", added["id"])

    assert added["terms"] == {"requests_per_day": 5, "rate": None}
    assert ended.exit_code == 0
    assert run.json("plans", "show", ana)["overrides"] == []
    assert run("plans", "override", ana, "--end", added["id"]).exit_code == 3


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "at least one"),
        (["--end", "x", "--price", "1"], "--end alone"),
        (["--price", "1", "--until", "2001-01-01"], "Until must"),
        (["--price", "1", "--until", "soon"], "is no time"),
    ],
)
def test_an_override_that_cannot_be_is_wrong_use(
    run: CommandLine, ana: str, args: list[str], said: str
) -> None:
    made = run("plans", "override", ana, *args)

    assert (made.exit_code, said in made.stderr) == (2, True), made.stderr


def test_a_spend_cap_is_set_and_taken_away(run: CommandLine, ana: str) -> None:
    shown = run("plans", "cap", ana, "5")
    made = run.json("plans", "cap", ana, "100", "--action", "block")
    dropped = run("plans", "cap", ana, "none")

    assert shown.stdout == "spend cap 5.00 EUR a month: notify\n"
    assert made == {"amount": "100.00", "currency": "EUR", "action": "block"}
    assert (dropped.exit_code, run.json("plans", "show", ana)["spend_cap"]) == (0, None)
    assert run.json("plans", "cap", ana, "none") is None


def test_what_is_not_there_is_told(run: CommandLine, ana: str) -> None:
    statuses = {
        args: run("plans", *args).exit_code
        for args in (
            ("show", "ben@example.org"),
            ("cap", ana, "much"),
            ("assign", ana, "gold"),
            ("assign", ana, "basic", "--version", "7"),
        )
    }

    assert list(statuses.values()) == [3, 2, 2, 2]


def test_a_default_plan_that_does_not_exist_stops_the_start(run: CommandLine) -> None:
    run.env.update({"DEFAULT_PLAN": "gold", "API_PORT": str(reserved_port())})
    started = run("serve")
    made = run("plans", "create", "gold", "--price", "1")

    assert started.exit_code == 2
    assert started.stderr.splitlines()[-1] == (
        "Error: DEFAULT_PLAN names the plan gold, which does not exist: name one of basic, "
        "enterprise, premium, or make it with plg plans create."
    )
    assert made.exit_code == 0


def test_a_default_plan_that_cannot_be_one_stops_every_command(run: CommandLine) -> None:
    run.env["DEFAULT_PLAN"] = "Gold Plan"
    refused = run("plans", "list")

    assert (refused.exit_code, "DEFAULT_PLAN must be a plan's code" in refused.stderr) == (2, True)


def test_accounts_have_the_default_plan(run: CommandLine, ana: str) -> None:
    run.env["DEFAULT_PLAN"] = "premium"

    assert run.json("plans", "show", ana)["plan"]["code"] == "premium"


def test_a_resource_has_a_price_of_its_own(run: CommandLine, ana: str) -> None:
    made = run.json(
        "plans", "create", "team", "--price", "0.08", "--resource-price", "players=0.02"
    )
    run("plans", "override", ana, "--resource-price", "players=0.01")
    shown = run.json("plans", "show", ana)

    assert made["resources"]["players"]["prices"]["hit"] == "0.02"
    assert made["resources"]["players"]["prices"]["not_found"] == "0.00"
    assert shown["effective"]["resources"]["players"]["prices"]["hit"] == "0.01"
    assert shown["overrides"][0]["terms"] == {"resources": {"players": {"price": "0.01"}}}


def test_a_resource_has_a_quota_of_its_own(run: CommandLine, ana: str) -> None:
    made = run.json(
        "plans", "create", "team", "--price", "0.08", "--resource-requests", "players=5",
        "--records-per-day", "7", "--unit", "record",
    )  # fmt: skip
    run("plans", "override", ana, "--resource-requests", "players=plan")
    shown = run("plans", "show", ana).stdout
    both = run(
        "plans", "create", "b", "--price", "1", "--records-per-day", "7", "--vins-per-day", "8"
    )

    assert made["resources"]["players"]["requests_per_day"] == 5
    assert (made["records_per_day"], made["vins_per_day"], made["unit"]) == (7, 7, "vin")
    assert "players requests_per_day plan" in shown
    assert (both.exit_code, "give one of them" in both.stderr) == (2, True)


def test_a_price_of_an_unknown_resource_is_wrong_use(run: CommandLine) -> None:
    unknown = run("plans", "create", "team", "--price", "1", "--resource-price", "orders=1")

    assert (unknown.exit_code, "There is no resource 'orders'." in unknown.stderr) == (2, True)
