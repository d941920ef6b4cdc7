"""Plans, as the container builds what may be done with them."""

from dependency_injector import containers, providers

from plg.application.billing.changing_terms import ChangeTerms
from plg.application.billing.check_default_plan import CheckDefaultPlan
from plg.application.billing.end_override import EndOverride
from plg.application.billing.list_plans import ListPlans
from plg.application.billing.make_plan import MakePlan
from plg.application.billing.override_plan import OverridePlan
from plg.application.billing.set_spend_cap import SetSpendCap
from plg.application.billing.show_terms import ShowTerms
from plg.application.ports.clock import ClockPort
from plg.settings import Settings


class BillingContainer(containers.DeclarativeContainer):
    """What is sold, and to whom."""

    settings: providers.Dependency[Settings] = providers.Dependency()
    clock: providers.Dependency[ClockPort] = providers.Dependency()
    access = providers.DependenciesContainer()
    work = access.work
    tariff_of = access.tariff_of

    change_terms = providers.Singleton(ChangeTerms, work, access.remembered, clock)
    check_default_plan = providers.Singleton(
        CheckDefaultPlan, work, settings.provided.billing.default_plan
    )
    list_plans = providers.Singleton(ListPlans, work, clock)
    make_plan = providers.Singleton(MakePlan, work, access.remembered, clock)
    show_terms = providers.Singleton(ShowTerms, work, tariff_of, clock)
    override_plan = providers.Singleton(OverridePlan, change_terms, tariff_of)
    end_override = providers.Singleton(EndOverride, change_terms)
    set_spend_cap = providers.Singleton(SetSpendCap, change_terms, tariff_of)
