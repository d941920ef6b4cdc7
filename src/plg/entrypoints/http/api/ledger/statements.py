"""Statements: close, list, show, and credit them."""

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta, Struct
from starlette.types import Scope

from plg.container.billing import BillingUseCases
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.ledger.statements import REASON_LENGTH_MAX, CreditedLine
from plg.domain.limits.rates import LimitTier
from plg.domain.plans.fields import amount_of
from plg.entrypoints.http.api.ledger.billing_queries import (
    ACCOUNT,
    ACCOUNT_OR_ALL,
    KEY_PARAMETER,
    NUMBER_PARAMETER,
    UNUSED_NUMBER_PARAMETER,
    account_and_key,
    account_of,
    key_of,
    number_of,
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
from plg.entrypoints.http.api.list_parameters import LIST_PARAMETERS
from plg.entrypoints.http.api.plans.plan_bodies import Amount, Count
from plg.entrypoints.http.api.plans.plans import TAG
from plg.entrypoints.http.api.texts import label
from plg.entrypoints.http.endpoints import Endpoint, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded, actor_of
from plg.entrypoints.http.protocol.answers import Answer, json_answer
from plg.entrypoints.http.protocol.bodies import body_of
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import Page, page_answer, page_of, place_of
from plg.entrypoints.http.streaming import Streaming, streamed

PAY_PATH: Final = "/api/v1/billing/pay"
LIST_PATH: Final = "/api/v1/billing/statements"
PATH: Final = "/api/v1/billing/statements/{number}"
CSV_PATH: Final = "/api/v1/billing/statements/{number}.csv"
CREDIT_PATH: Final = "/api/v1/billing/statements/{number}/credit"
READING: Final = Access(Permission.BILLING_READ)
LISTING: Final = Access(Permission.BILLING_READ, LimitTier.CONTENT_LISTING)
PAYING: Final = Access(Permission.BILLING_WRITE, LimitTier.DATA_MODIFICATION)
ADMIN: Final = Access(Permission.ADMIN, LimitTier.ADMIN)
CSV: Final = "text/csv"

Reason = Annotated[str, Meta(extra_json_schema=label(REASON_LENGTH_MAX))]


class CreditLineBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What is given back of a line; all that is left of it without an `amount`."""

    line: Count
    amount: Amount | None = None


class CreditBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Why something is given back, and of which lines; of all of them where `lines` is null."""

    reason: Reason
    lines: list[CreditLineBody] | None = None


PAY: Final = Operation(
    summary="Close what is unbilled",
    description="Makes a statement, one a currency, of all usage records that no statement covers "
    "yet. However often it is called, also at once, each record gets into one statement. Where "
    "there is nothing to bill, the amount is zero and there is no statement.",
    answer=PaidView,
    example=PAID_EXAMPLE,
    parameters=(KEY_PARAMETER, ACCOUNT),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)
LIST: Final = Operation(
    summary="List statements",
    description="Statements and credit notes, the newest first.",
    answer=StatementView,
    is_page=True,
    example={"items": [STATEMENT_EXAMPLE], "next_cursor": None},
    parameters=(ACCOUNT_OR_ALL, *LIST_PARAMETERS),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)
SHOW: Final = Operation(
    summary="Show a statement",
    description="Of the caller's own account; for admins any.",
    answer=StatementView,
    example=STATEMENT_EXAMPLE,
    parameters=(NUMBER_PARAMETER,),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)
RECORDS: Final = Operation(
    summary="Download the records of a statement",
    description=f"A row a usage record, in their order: {', '.join(COLUMNS)}.",
    media_type=CSV,
    example=f"{','.join(COLUMNS)}\r\n",
    parameters=(NUMBER_PARAMETER,),
    problems=("invalid_parameter", "not_found", "archived"),
    tag=TAG,
)
CREDIT: Final = Operation(
    summary="Give back what a statement billed too much",
    description="Makes a credit note. Of a line at most its amount is given back, in one credit "
    "note or in several; the statement stays as it is. An `Idempotency-Key` gives the same credit "
    "note of the statement again.",
    answer=StatementView,
    example=CREDIT_NOTE_EXAMPLE,
    body=CreditBody,
    body_example={
        "reason": "Outdated records on 21 November",
        "lines": [{"line": 1, "amount": "0.50"}],
    },
    parameters=(UNUSED_NUMBER_PARAMETER, KEY_PARAMETER),
    status=201,
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)


@dataclass(frozen=True, slots=True)
class StatementsApi:
    """Closes, lists, shows and credits statements."""

    gate: Gate
    uses: BillingUseCases

    def endpoints(self) -> list[Endpoint]:
        """Return the routes; the one that ends in `.csv` before the one that takes any end."""
        gate = self.gate
        pay = Guarded(gate, PAYING, account_and_key, self.pay, reads_body=True)
        credit = Guarded(gate, ADMIN, _credit, self.credit, reads_body=True)
        return [
            Endpoint(PAY_PATH, pay, PAY, "POST"),
            Endpoint(LIST_PATH, Guarded(gate, LISTING, _list, self.list), LIST),
            Endpoint(CSV_PATH, Streaming(gate, LISTING, _records, self.records), RECORDS),
            Endpoint(PATH, Guarded(gate, READING, number_of, self.show), SHOW),
            Endpoint(CREDIT_PATH, credit, CREDIT, "POST"),
        ]

    async def pay(
        self, asked: tuple[str | None, str | None], caller: Caller, context: RequestContext
    ) -> Answer:
        """Close what is unbilled."""
        paid = await self.uses.close_period(caller, *asked, actor_of(caller, context))
        return json_answer(paid_view(paid))

    async def list(
        self, asked: tuple[Scope, Page, str | None], caller: Caller, _context: RequestContext
    ) -> Answer:
        """Answer a page of statements."""
        scope, page, account_id = asked
        before = place_of(page)
        found = await self.uses.list_statements(
            caller, account_id, before=before, limit=page.limit + 1
        )
        views = [statement_view(each) for each in found]
        return page_answer(scope, page, views, [str(each.position) for each in found])

    async def show(self, number: str, caller: Caller, _context: RequestContext) -> Answer:
        """Answer a statement."""
        return json_answer(statement_view(await self.uses.show_statement(caller, number)))

    async def records(
        self, asked: tuple[str, bool], caller: Caller, _context: RequestContext
    ) -> Answer:
        """Answer the records of a statement, part by part."""
        number, is_head = asked
        records = await self.uses.read_statement_records(caller, number)
        name = (b"content-disposition", b'attachment; filename="%b.csv"' % number.encode())
        parts = None if is_head else csv_of(records)
        return streamed(parts, b"text/csv; charset=utf-8; header=present", name)

    async def credit(
        self, asked: tuple[str, CreditBody, str | None], caller: Caller, context: RequestContext
    ) -> Answer:
        """Make a credit note."""
        number, body, key = asked
        lines = None if body.lines is None else [_credited(each) for each in body.lines]
        actor = actor_of(caller, context)
        note = await self.uses.credit_statement(number, body.reason, lines, actor, key)
        location = (b"location", PATH.replace("{number}", note.number).encode())
        return json_answer(statement_view(note), location, status=201)


def _list(scope: Scope) -> tuple[Scope, Page, str | None]:
    return scope, page_of(scope), account_of(scope)


def _records(scope: Scope) -> tuple[str, bool]:
    return number_of(scope), scope["method"] == "HEAD"


def _credit(scope: Scope) -> tuple[str, CreditBody, str | None]:
    return number_of(scope), body_of(scope, CreditBody), key_of(scope)


def _credited(line: CreditLineBody) -> CreditedLine:
    amount = None if line.amount is None else amount_of("amount", line.amount)
    return CreditedLine(line.line, amount)
