"""What may be done with plans, usage and statements, put together."""

from dataclasses import dataclass

from plg.application.audited_change import AuditedChange
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
from plg.application.plans.check_default_plan import CheckDefaultPlan
from plg.application.plans.end_override import EndOverride
from plg.application.plans.list_plans import ListPlans
from plg.application.plans.make_plan import MakePlan
from plg.application.plans.override_plan import OverridePlan
from plg.application.plans.set_own_spend_cap import SetOwnSpendCap
from plg.application.plans.set_spend_cap import SetSpendCap
from plg.application.plans.show_terms import ShowTerms
from plg.application.plans.tariffs import TariffOf
from plg.domain.records.meter_rules import MeterRules
from plg.settings.concerns import BillingSettings


@dataclass(frozen=True, slots=True)
class BillingUseCases:
    """What is sold, to whom, and what is owed for it."""

    check_default_plan: CheckDefaultPlan
    list_plans: ListPlans
    make_plan: MakePlan
    show_terms: ShowTerms
    override_plan: OverridePlan
    end_override: EndOverride
    set_spend_cap: SetSpendCap
    set_own_spend_cap: SetOwnSpendCap
    show_usage: ShowUsage
    show_info: ShowBillingInfo
    list_usage_records: ListUsageRecords
    list_notices: ListNotices
    close_period: ClosePeriod
    close_all: CloseAll
    list_statements: ListStatements
    show_statement: ShowStatement
    read_statement_records: ReadStatementRecords
    credit_statement: CreditStatement
    simulate_plan: SimulatePlan


def billing_use_cases(
    changes: AuditedChange,
    tariff_of: TariffOf,
    settings: BillingSettings,
    meter_rules: MeterRules,
) -> BillingUseCases:
    work, clock = changes.work, changes.clock
    return BillingUseCases(
        CheckDefaultPlan(work, settings.default_plan),
        ListPlans(work, clock),
        MakePlan(changes, meter_rules),
        ShowTerms(work, tariff_of, clock),
        OverridePlan(changes, tariff_of, meter_rules),
        EndOverride(changes),
        SetSpendCap(changes, tariff_of),
        SetOwnSpendCap(changes, tariff_of),
        ShowUsage(work, tariff_of, clock),
        ShowBillingInfo(work, tariff_of, clock),
        ListUsageRecords(work),
        ListNotices(work),
        ClosePeriod(changes, tariff_of),
        CloseAll(changes),
        ListStatements(work),
        ShowStatement(work),
        ReadStatementRecords(work),
        CreditStatement(changes),
        SimulatePlan(work, clock, meter_rules),
    )
