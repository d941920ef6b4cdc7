"""The routes of plans, usage and statements, assembled from the container."""

from plg.container import Container
from plg.entrypoints.http.api.ledger.statements import StatementsApi, StatementUses
from plg.entrypoints.http.api.ledger.usage import UsageApi
from plg.entrypoints.http.api.notices.webhooks import WebhooksApi, WebhookUses
from plg.entrypoints.http.api.plans.account_terms import AccountTermsApi, TermsUses
from plg.entrypoints.http.api.plans.own_spend_cap import OwnSpendCapApi
from plg.entrypoints.http.api.plans.plans import PlansApi
from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.gate.gate import Gate


def billing_endpoints(container: Container, gate: Gate) -> list[Endpoint]:
    """Return every route of billing."""
    billing = container.billing
    plans = PlansApi(gate, billing.list_plans(), billing.make_plan())
    usage = UsageApi(gate, billing.show_usage(), billing.show_info(), billing.list_usage_records())
    terms = TermsUses(
        billing.show_terms(),
        billing.override_plan(),
        billing.end_override(),
        billing.set_spend_cap(),
    )
    statements = StatementUses(
        billing.pay(),
        billing.list_statements(),
        billing.show_statement(),
        billing.read_statement_records(),
        billing.credit_statement(),
    )
    notifications = container.notifications
    webhooks = WebhookUses(
        notifications.show_webhook(),
        notifications.set_webhook(),
        notifications.rotate_webhook_secret(),
        notifications.remove_webhook(),
        notifications.try_webhook(),
        billing.list_notices(),
    )
    return [
        *plans.endpoints(),
        *AccountTermsApi(terms, gate, container.clock()).endpoints(),
        *OwnSpendCapApi(gate, billing.set_own_spend_cap()).endpoints(),
        *usage.endpoints(),
        *StatementsApi(gate, statements).endpoints(),
        *WebhooksApi(gate, webhooks).endpoints(),
    ]
