"""Whether statements fit their records, and each other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from plg.domain.ledger.chain import GENESIS
from plg.domain.ledger.kept_statements import KeptLine, KeptStatement, whole
from plg.domain.ledger.statements import Line, StatementKind, UsageSum, number_of
from plg.domain.ledger.usage import LineKey, UsageRecord
from plg.domain.ledger.verification.findings import AccountFindings, Difference, Fault, Findings

Sums = dict[LineKey, list[int]]
_Line = tuple[str, str, int, str, int]


@dataclass(slots=True)
class ClosingsCheck:
    """
    Adds an account's records up, and compares with the statements that cover them.

    Attributes:
        closed_to: The last record that a statement covers.
        sums: Units and records of each line since then.
    """

    findings: AccountFindings
    closed_to: int = 0
    sums: Sums = field(default_factory=dict)
    _last: int = 0
    _head: bytes = GENESIS
    _from_at: int | None = None
    _to_at: int | None = None

    def add(self, record: UsageRecord, mac: bytes) -> None:
        """Take the next record."""
        if self._from_at is None:
            self._from_at = record.at
        self._last, self._head, self._to_at = record.sequence, mac, record.at
        line = self.sums.setdefault(record.line, [0, 0])
        line[0] += record.units
        line[1] += 1 if record.voids is None else -1

    def close(self, closing: Sequence[KeptStatement]) -> None:
        """Take the statements, one a currency, of the records up to here."""
        first, last = closing[0].first, closing[0].last
        if first != self.closed_to + 1 or last is None or last < first:
            self._compare(closing[0], "the first record that it covers", self.closed_to + 1, first)
        elif self._compare(closing[0], "the last record that it covers", self._last, last):
            self._compare_contents(closing)
        if last is not None and last > self.closed_to:
            self.skip(last)

    def skip(self, last: int) -> None:
        """Go on behind what is checked in another way."""
        self.closed_to = last
        self.sums = {}
        self._from_at = None

    def _compare_contents(self, closing: Sequence[KeptStatement]) -> None:
        for each in closing:
            self._compare(each, "the time of its first record", self._from_at, each.from_at)
            self._compare(each, "the time of its last record", self._to_at, each.to_at)
            detail = "the seal of its last record"
            self.findings.compare(Fault.HEAD, detail, self._head, each.head, each.number)
        covered = {each.currency: each for each in closing}
        for currency in sorted({key.currency for key in self.sums} | covered.keys()):
            statement = covered.get(currency)
            if statement is None:
                detail = f"records in {currency} up to {self._last} stand in no statement"
                self.findings.add(Fault.RANGE, detail, number=closing[0].number)
            else:
                self._compare_lines(statement)

    def _compare_lines(self, statement: KeptStatement) -> None:
        made = {
            _key_of(line): _told(number, line.units, line.records, line.amount)
            for number, line in enumerate(lines_of(self.sums, statement), 1)
        }
        kept = {
            _key_of(line): _told(line.line, line.units, line.records, line.amount)
            for line in statement.lines
        }
        for key in sorted(made.keys() | kept.keys(), key=str):
            detail = f"line {' '.join(map(str, key))}"
            self.findings.compare(
                Fault.STATEMENT_LINE, detail, made.get(key), kept.get(key), statement.number
            )

    def _compare(
        self, statement: KeptStatement, detail: str, expected: object, found: object
    ) -> bool:
        return self.findings.compare(Fault.RANGE, detail, expected, found, statement.number)


def lines_of(sums: Sums, statement: KeptStatement) -> list[Line]:
    """Return the lines that a statement makes of sums, in their order; none where it cannot be."""
    digits = statement.rounded_to
    try:
        return [
            Line.of(UsageSum(key, *sums[key]), digits)
            for key in sorted(sums)
            if key.currency == statement.currency
        ]
    except (TypeError, ValueError):  # of records that are not as they were written
        return []


def _key_of(line: Line | KeptLine) -> _Line:
    return line.resource, line.metered, line.unit_price, line.plan_code, line.plan_version


def _told(number: int, units: int, records: int, amount: object) -> str:
    return f"line {number}: {units} units, {records} records, amount {amount}"


@dataclass(slots=True)
class BalancesCheck:
    """Adds an account's statements and credit notes up, in their order."""

    findings: AccountFindings
    _balances: dict[str, int] = field(default_factory=dict)

    def add(self, statement: KeptStatement) -> None:
        """Take the next one."""
        due = statement.due
        made = None if due is None else str(due)
        number = statement.number
        self.findings.compare(Fault.AMOUNT, "the sum of its lines", made, statement.amount, number)
        lines = [line.line for line in statement.lines]
        self.findings.compare(
            Fault.STATEMENT_LINE, "the numbers of its lines", _counted(len(lines)), lines, number
        )
        balance = self._balances.get(statement.currency, 0) + (due or 0)
        self._balances[statement.currency] = balance
        detail = f"the balance in {statement.currency}"
        self.findings.compare(Fault.BALANCE, detail, balance, whole(statement.balance), number)


def _counted(count: int) -> list[int]:
    return list(range(1, count + 1))


def check_note(
    findings: AccountFindings,
    note: KeptStatement,
    credited: KeptStatement | None,
    notes: Sequence[KeptStatement],
) -> None:
    """
    Compare a credit note with the statement that it belongs to.

    Args:
        findings: Where differences go.
        note: The credit note.
        credited: What it names; None where there is no such statement.
        notes: The credit notes of that statement up to this one, with it.
    """
    if credited is None or not credited.covers or credited.position >= note.position:
        findings.add(
            Fault.CREDIT,
            "it gives back from what is no earlier statement",
            number=note.number,
            expected="an earlier statement",
            found=note.credited,
        )
        return
    detail = "the account, currency and decimals of its statement"
    findings.compare(Fault.CREDIT, detail, _whose(credited), _whose(note), note.number)
    for line in note.lines:
        _check_credited_line(findings, note, line, credited, notes)


def _whose(statement: KeptStatement) -> tuple[str, str, int]:
    return statement.account_id, statement.currency, statement.rounded_to


def _check_credited_line(
    findings: AccountFindings,
    note: KeptStatement,
    line: KeptLine,
    credited: KeptStatement,
    notes: Sequence[KeptStatement],
) -> None:
    billed = next((each for each in credited.lines if each.line == line.credits), None)
    if billed is None or _key_of(billed) != _key_of(line) or (line.units, line.records) != (0, 0):
        findings.add(
            Fault.CREDIT,
            f"line {line.line} gives back from no line of its statement",
            number=note.number,
            expected=f"a line of {credited.number}",
            found=line.credits,
        )
        return
    given = [
        -(each.money or 0) for one in notes for each in one.lines if each.credits == billed.line
    ]
    if (line.money or 0) >= 0 or sum(given) > (billed.money or 0):
        findings.add(
            Fault.CREDIT,
            f"line {line.line} gives back what is not left of line {billed.line}",
            number=note.number,
            expected=f"at most {billed.amount}",
            found=sum(given),
        )


@dataclass(slots=True)
class NumbersCheck:
    """Compares the numbers of all statements and credit notes, in their order."""

    findings: Findings
    _position: int = 0
    _last: dict[str, int] = field(
        default_factory=lambda: {kind.series: 0 for kind in StatementKind}
    )

    def add(self, statement: KeptStatement) -> None:
        """Take the next one, with or without its lines."""
        self._position += 1
        if statement.position != self._position:
            self._find(statement, "its place among all", self._position, statement.position)
            self._position = statement.position
        try:
            kind = StatementKind(statement.kind)
            expected = number_of(kind, self._last[kind.series] + 1, statement.closed_at)
        except (ValueError, TypeError, OverflowError):
            at = statement.closed_at
            self._find(statement, "its kind and time", "a kind and a time", (statement.kind, at))
            return
        self._last[kind.series] += 1
        if statement.number != expected:
            self._find(statement, "its number", expected, statement.number)
            self._last[kind.series] = whole(statement.number.rpartition("-")[2]) or 0

    def finish(self, series: dict[str, int]) -> None:
        """Compare with what is kept as the last number of each series."""
        for name in sorted(self._last.keys() | series.keys()):
            made, kept = self._last.get(name, 0), series.get(name)
            if made != kept:
                detail = f"the last number of the series {name}"
                self.findings.add(
                    Difference(
                        None, Fault.NUMBER, detail, expected=str(made), found=str(kept or "nothing")
                    )
                )

    def _find(self, statement: KeptStatement, detail: str, expected: object, found: object) -> None:
        self.findings.add(
            Difference(
                statement.account_id,
                Fault.NUMBER,
                detail,
                None,
                statement.number,
                str(expected),
                str(found),
            )
        )
