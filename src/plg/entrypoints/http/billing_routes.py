"""The routes of plans, usage and statements, assembled from the container."""

from plg.container import Container
from plg.entrypoints.http.api.ledger.statements import StatementsApi
from plg.entrypoints.http.api.ledger.usage import UsageApi
from plg.entrypoints.http.api.notices.webhooks import WebhooksApi
from plg.entrypoints.http.api.plans.account_terms import AccountTermsApi
from plg.entrypoints.http.api.plans.own_spend_cap import OwnSpendCapApi
from plg.entrypoints.http.api.plans.plans import PlansApi
from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.gate.gate import Gate
from plg.entrypoints.http.routes import bind


def billing_endpoints(container: Container, gate: Gate) -> list[Endpoint]:
    """Return every route of billing."""
    billing, notifications = container.billing(), container.notifications()
    plans = PlansApi(gate, billing.list_plans, billing.make_plan)
    usage = UsageApi(gate, billing.show_usage, billing.show_info, billing.list_usage_records)
    webhooks = WebhooksApi(
        notifications.show_webhook,
        notifications.set_webhook,
        notifications.rotate_webhook_secret,
        notifications.remove_webhook,
        notifications.try_webhook,
        billing.list_notices,
    )
    return [
        *plans.endpoints(),
        *AccountTermsApi(billing, gate, container.clock()).endpoints(),
        *bind(OwnSpendCapApi(billing.set_own_spend_cap), gate),
        *usage.endpoints(),
        *StatementsApi(gate, billing).endpoints(),
        *bind(webhooks, gate),
    ]
