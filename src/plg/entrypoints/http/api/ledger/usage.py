"""Usage: what an account may use, has used, and owes."""

from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from plg.application.ledger.list_usage_records import ListUsageRecords, RecordQuery
from plg.application.ledger.show_billing_info import ShowBillingInfo
from plg.application.ledger.show_usage import ShowUsage
from plg.domain.identity.access import Access, Caller
from plg.domain.identity.access import Scope as Permission
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.ledger.billing_queries import (
    ACCOUNT,
    RECORD_PARAMETERS,
    account_of,
    records_of,
)
from plg.entrypoints.http.api.ledger.usage_views import (
    INFO_EXAMPLE,
    RECORD_EXAMPLE,
    USAGE_EXAMPLE,
    BillingInfoView,
    UsageRecordView,
    UsageView,
    info_view,
    record_view,
    usage_view,
)
from plg.entrypoints.http.api.list_parameters import LIST_PARAMETERS
from plg.entrypoints.http.api.plans.plans import TAG
from plg.entrypoints.http.endpoints import Endpoint, Operation
from plg.entrypoints.http.gate.gate import Gate, Guarded
from plg.entrypoints.http.protocol.answers import Answer, json_answer
from plg.entrypoints.http.protocol.context import RequestContext
from plg.entrypoints.http.protocol.listing import Page, part_answer

USAGE_PATH: Final = "/api/v1/billing/usage"
RECORDS_PATH: Final = "/api/v1/billing/usage/records"
INFO_PATH: Final = "/api/v1/billing/info"
READING: Final = Access(Permission.BILLING_READ)
LISTING: Final = Access(Permission.BILLING_READ, LimitTier.CONTENT_LISTING)

USAGE: Final = Operation(
    summary="Show what may be used, and was used",
    description="Plan, limits, what is used and left today, and what is not billed yet.",
    answer=UsageView,
    example=USAGE_EXAMPLE,
    parameters=(ACCOUNT,),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)
INFO: Final = Operation(
    summary="Show what is owed",
    description="The account's billing profile, with what its statements less its credit notes "
    "come to. Payments are not recorded here.",
    answer=BillingInfoView,
    example=INFO_EXAMPLE,
    parameters=(ACCOUNT,),
    problems=("invalid_parameter", "not_found"),
    tag=TAG,
)
RECORDS: Final = Operation(
    summary="List usage records",
    description="The newest first. With filters a page may have fewer items than `limit` while "
    "`next_cursor` says that the list goes on.",
    answer=UsageRecordView,
    is_page=True,
    example={"items": [RECORD_EXAMPLE], "next_cursor": None},
    parameters=(*RECORD_PARAMETERS, *LIST_PARAMETERS),
    problems=("invalid_parameter", "not_found", "archived"),
    tag=TAG,
)


@dataclass(frozen=True, slots=True)
class UsageApi:
    """Shows usage, and what is owed for it."""

    gate: Gate
    show_usage: ShowUsage
    show_info: ShowBillingInfo
    list_records: ListUsageRecords

    def endpoints(self) -> list[Endpoint]:
        """Return the routes."""
        gate = self.gate
        return [
            Endpoint(USAGE_PATH, Guarded(gate, READING, account_of, self.usage), USAGE),
            Endpoint(INFO_PATH, Guarded(gate, READING, account_of, self.info), INFO),
            Endpoint(RECORDS_PATH, Guarded(gate, LISTING, records_of, self.records), RECORDS),
        ]

    async def usage(
        self, account_id: str | None, caller: Caller, _context: RequestContext
    ) -> Answer:
        """Answer what may be used, and was."""
        return json_answer(usage_view(await self.show_usage(caller, account_id)))

    async def info(
        self, account_id: str | None, caller: Caller, _context: RequestContext
    ) -> Answer:
        """Answer what is owed."""
        return json_answer(info_view(await self.show_info(caller, account_id)))

    async def records(
        self, asked: tuple[Scope, Page, RecordQuery], caller: Caller, _context: RequestContext
    ) -> Answer:
        """Answer a page of usage records."""
        scope, page, query = asked
        found = await self.list_records(caller, query, limit=page.limit)
        after = None if found.next_before is None else str(found.next_before)
        return part_answer(scope, page, [record_view(each) for each in found.records], after)
