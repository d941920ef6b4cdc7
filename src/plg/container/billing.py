"""Plans, usage and statements, as the container builds what may be done with them."""

from dependency_injector import containers, providers

from plg.application.ledger.close_all import CloseAll
from plg.application.ledger.close_period import ClosePeriod
from plg.application.ledger.credit_statement import CreditStatement
from plg.application.ledger.list_statements import ListStatements
from plg.application.ledger.list_usage_records import ListUsageRecords
from plg.application.ledger.read_statement_records import ReadStatementRecords
from plg.application.ledger.show_billing_info import ShowBillingInfo
from plg.application.ledger.show_statement import ShowStatement
from plg.application.ledger.show_usage import ShowUsage
from plg.application.ledger.simulate_plan import SimulatePlan
from plg.application.notices.list_notices import ListNotices
from plg.application.plans.changing_terms import ChangeTerms
from plg.application.plans.check_default_plan import CheckDefaultPlan
from plg.application.plans.end_override import EndOverride
from plg.application.plans.list_plans import ListPlans
from plg.application.plans.make_plan import MakePlan
from plg.application.plans.override_plan import OverridePlan
from plg.application.plans.set_own_spend_cap import SetOwnSpendCap
from plg.application.plans.set_spend_cap import SetSpendCap
from plg.application.plans.show_terms import ShowTerms
from plg.application.ports.clock import ClockPort
from plg.settings import Settings


class BillingContainer(containers.DeclarativeContainer):
    """What is sold, to whom, and what is owed for it."""

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
    set_own_spend_cap = providers.Singleton(SetOwnSpendCap, change_terms, tariff_of)

    show_usage = providers.Singleton(ShowUsage, work, tariff_of, clock)
    show_info = providers.Singleton(ShowBillingInfo, work, tariff_of, clock)
    list_usage_records = providers.Singleton(ListUsageRecords, work)
    list_notices = providers.Singleton(ListNotices, work)
    pay = providers.Singleton(ClosePeriod, work, tariff_of, clock)
    close_all = providers.Singleton(CloseAll, work, clock)
    list_statements = providers.Singleton(ListStatements, work)
    show_statement = providers.Singleton(ShowStatement, work)
    read_statement_records = providers.Singleton(ReadStatementRecords, work)
    credit_statement = providers.Singleton(CreditStatement, work, clock)
    simulate_plan = providers.Singleton(SimulatePlan, work, clock)
