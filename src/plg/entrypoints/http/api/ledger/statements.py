"""Statements: close, list, show, and credit them."""

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta, Struct

from plg.container.billing import BillingUseCases
from plg.domain.errors import Archived, NotFound
from plg.domain.identity.access import Access
from plg.domain.identity.access import Scope as Permission
from plg.domain.ledger.statements import REASON_LENGTH_MAX, CreditedLine
from plg.domain.limits.rates import LimitTier
from plg.domain.plans.fields import amount_of
from plg.entrypoints.http.api.ledger.billing_queries import (
    AccountQuery,
    IdempotencyKey,
    Number,
    StatementsQuery,
    UnusedNumber,
)
from plg.entrypoints.http.api.ledger.statement_csv import COLUMNS, csv_of
from plg.entrypoints.http.api.ledger.statement_views import (
    CREDIT_NOTE_EXAMPLE,
    PAID_EXAMPLE,
    STATEMENT_EXAMPLE,
    PaidView,
    StatementView,
    paid_view,
    statement_view,
)
from plg.entrypoints.http.api.plans.plan_bodies import Amount, Count
from plg.entrypoints.http.api.plans.plans import TAG
from plg.entrypoints.http.api.texts import label
from plg.entrypoints.http.arguments import Ask
from plg.entrypoints.http.routes import Created, Page, Routes
from plg.entrypoints.http.streaming import Streamed, streamed

READING: Final = Access(Permission.BILLING_READ)
LISTING: Final = Access(Permission.BILLING_READ, LimitTier.CONTENT_LISTING)
PAYING: Final = Access(Permission.BILLING_WRITE, LimitTier.DATA_MODIFICATION)
ADMIN: Final = Access(Permission.ADMIN, LimitTier.ADMIN)
PATH: Final = "/api/v1/billing/statements"
statements = Routes(PATH, READING, tag=TAG, fails=(NotFound,))
unbilled = Routes("/api/v1/billing/pay", PAYING, tag=TAG, fails=(NotFound,))

Reason = Annotated[str, Meta(extra_json_schema=label(REASON_LENGTH_MAX))]


class CreditLineBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What is given back of a line; all that is left of it without an `amount`."""

    line: Count
    amount: Amount | None = None


class CreditBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Why something is given back, and of which lines; of all of them where `lines` is null."""

    reason: Reason
    lines: list[CreditLineBody] | None = None


@dataclass(frozen=True, slots=True)
class StatementsApi:
    """Closes, lists, shows and credits statements."""

    billing: BillingUseCases

    @unbilled.post(example=PAID_EXAMPLE)
    async def pay(self, ask: Ask, key: IdempotencyKey, query: AccountQuery) -> PaidView:
        """
        Close what is unbilled.

        Makes a statement, one a currency, of all usage records that no statement covers yet.
        However often it is called, also at once, each record gets into one statement. Where there
        is nothing to bill, the amount is zero and there is no statement.
        """
        return paid_view(await self.billing.close_period(ask.caller, query.account, key, ask.actor))

    @statements.get(access=LISTING, example=STATEMENT_EXAMPLE)
    async def list(self, ask: Ask, query: StatementsQuery) -> Page[StatementView]:
        """
        List statements.

        Statements and credit notes, the newest first.
        """
        found = await self.billing.list_statements(
            ask.caller, query.account, before=query.cursor, limit=query.one_more
        )
        return Page.of(found, query, statement_view, lambda statement: statement.position)

    @statements.get(  # before the route that takes any end of the path
        "/{number}.csv",
        access=LISTING,
        fails=(Archived,),
        media_type="text/csv",
        example=f"{','.join(COLUMNS)}\r\n",
    )
    async def records(self, ask: Ask, number: Number) -> Streamed:
        """
        Download the records of a statement.

        A row a usage record, in their order, below the names of the columns.
        """
        records = await self.billing.read_statement_records(ask.caller, number)
        name = (b"content-disposition", b'attachment; filename="%b.csv"' % number.encode())
        parts = None if ask.scope["method"] == "HEAD" else csv_of(records)
        return streamed(parts, b"text/csv; charset=utf-8; header=present", name)

    @statements.get("/{number}", example=STATEMENT_EXAMPLE)
    async def show(self, ask: Ask, number: Number) -> StatementView:
        """
        Show a statement.

        Of the caller's own account; for admins any.
        """
        return statement_view(await self.billing.show_statement(ask.caller, number))

    @statements.post(
        "/{number}/credit",
        access=ADMIN,
        example=CREDIT_NOTE_EXAMPLE,
        body_example={
            "reason": "Outdated records on 21 November",
            "lines": [{"line": 1, "amount": "0.50"}],
        },
    )
    async def credit(
        self, ask: Ask, number: UnusedNumber, body: CreditBody, key: IdempotencyKey
    ) -> Created[StatementView]:
        """
        Give back what a statement billed too much.

        Makes a credit note. Of a line at most its amount is given back, in one credit note or in
        several; the statement stays as it is. An `Idempotency-Key` gives the same credit note of
        the statement again.
        """
        lines = None if body.lines is None else [_credited(each) for each in body.lines]
        note = await self.billing.credit_statement(number, body.reason, lines, ask.actor, key)
        return Created(statement_view(note), f"{PATH}/{note.number}")


def _credited(line: CreditLineBody) -> CreditedLine:
    amount = None if line.amount is None else amount_of("amount", line.amount)
    return CreditedLine(line.line, amount)
