"""Whether new accounts can have a plan."""

from plg.container import Container
from plg.domain.errors import InvalidParameter, StorageUnavailable
from plg.entrypoints.cli.doctor.findings import Finding, fine, wrong
from plg.settings import Settings


async def examine_default_plan(container: Container, settings: Settings) -> Finding:
    """Examine the plan that new accounts get."""
    subject = "DEFAULT_PLAN"
    try:
        await container.billing().check_default_plan()
    except StorageUnavailable as error:
        return wrong(subject, str(error), "look at the durable database")
    except InvalidParameter as error:
        return wrong(subject, str(error), "until then plg serve does not start")
    return fine(subject, settings.billing.default_plan)
