"""Usage: what an account may use, has used, and owes."""

from dataclasses import dataclass
from typing import Final

from plg.application.ledger.list_usage_records import RecordQuery
from plg.container.billing import BillingUseCases
from plg.domain.errors import Archived, NotFound
from plg.domain.identity.access import Access
from plg.domain.identity.access import Scope as Permission
from plg.domain.limits.rates import LimitTier
from plg.entrypoints.http.api.ledger.billing_queries import AccountQuery, UsageRecordsQuery
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
from plg.entrypoints.http.api.plans.plans import TAG
from plg.entrypoints.http.arguments import Ask
from plg.entrypoints.http.routes import Page, Routes

READING: Final = Access(Permission.BILLING_READ)
LISTING: Final = Access(Permission.BILLING_READ, LimitTier.CONTENT_LISTING)
routes = Routes("/api/v1/billing", READING, tag=TAG, fails=(NotFound,))


@dataclass(frozen=True, slots=True)
class UsageApi:
    """Shows usage, and what is owed for it."""

    billing: BillingUseCases

    @routes.get("/usage", example=USAGE_EXAMPLE)
    async def usage(self, ask: Ask, query: AccountQuery) -> UsageView:
        """
        Show what may be used, and was used.

        Plan, limits, what is used and left today, and what is not billed yet.
        """
        return usage_view(await self.billing.show_usage(ask.caller, query.account))

    @routes.get("/info", example=INFO_EXAMPLE)
    async def info(self, ask: Ask, query: AccountQuery) -> BillingInfoView:
        """
        Show what is owed.

        The account's billing profile, with what its statements less its credit notes come to.
        Payments are not recorded here.
        """
        return info_view(await self.billing.show_info(ask.caller, query.account))

    @routes.get("/usage/records", access=LISTING, fails=(Archived,), example=RECORD_EXAMPLE)
    async def records(self, ask: Ask, query: UsageRecordsQuery) -> Page[UsageRecordView]:
        """
        List usage records.

        The newest first. With filters a page may have fewer items than `limit` while `next_cursor`
        says that the list goes on.
        """
        wanted = RecordQuery(
            account_id=query.account,
            since=query.since,
            until=query.until,
            key_id=query.key,
            record_key=query.record_key,
            statement=query.statement,
            before=query.cursor,
        )
        found = await self.billing.list_usage_records(ask.caller, wanted, limit=query.limit)
        after = None if found.next_before is None else str(found.next_before)
        return Page([record_view(each) for each in found.records], query.limit, after)
