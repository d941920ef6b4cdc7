"""What the sources of declared resources say when asked."""

from plg.application.records.check_resource import Checked
from plg.domain.errors import NoMatch
from plg.entrypoints.cli.doctor.findings import Finding, fine, remark, wrong


def examine_resource(checked: Checked) -> Finding:
    """Examine a resource by the record of its example key."""
    spec, failure = checked.spec, checked.failure
    subject, example = f"resource {spec.name}", spec.key.example
    if isinstance(failure, NoMatch):
        advice = "is key.example a key that its source has, and does match name the right member?"
        return remark(subject, f"its source has nothing under {example}", advice)
    if failure is not None:
        return wrong(subject, str(failure).rstrip("."), f"see [source.{spec.source}]")
    if checked.document is None:
        return remark(subject, "not asked for: its key has no example", "add key.example")
    return fine(subject, f"its source answers for {example}")
