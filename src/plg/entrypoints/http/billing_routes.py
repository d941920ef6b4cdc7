"""The routes of plans and what accounts have of them, assembled from the container."""

from plg.container import Container
from plg.entrypoints.http.api.account_terms import AccountTermsApi, TermsUses
from plg.entrypoints.http.api.plans import PlansApi
from plg.entrypoints.http.endpoints import Endpoint
from plg.entrypoints.http.gate import Gate


def billing_endpoints(container: Container, gate: Gate) -> list[Endpoint]:
    """Return every route of plans and terms."""
    billing = container.billing
    plans = PlansApi(gate, billing.list_plans(), billing.make_plan())
    uses = TermsUses(
        billing.show_terms(),
        billing.override_plan(),
        billing.end_override(),
        billing.set_spend_cap(),
    )
    return [*plans.endpoints(), *AccountTermsApi(uses, gate, container.clock()).endpoints()]
