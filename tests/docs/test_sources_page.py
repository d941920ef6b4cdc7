"""The page on sources has the bounds that the code keeps."""

from plg.adapters.files.record_files import BYTES_MAX, RECORDS_MAX
from plg.adapters.sql.declared import CONNECTIONS_MAX
from plg.adapters.upstream.client import KEEP_ALIVE_SECONDS
from plg.adapters.upstream.codings import BODY_BYTES_MAX, CODINGS_MAX, MEMBERS_MAX, OFFERED
from plg.adapters.upstream.documents import NESTING_MAX
from plg.adapters.upstream.records import VALIDATOR_LENGTH_MAX
from plg.adapters.upstream.retries import RETRYABLE_STATUSES, WAIT_MAX
from plg.settings.resources.catalogue import TIMEOUT_SECONDS
from tests.docs.pages import page

MEBIBYTE = 1024 * 1024
FACTS = (
    f"`{OFFERED}`",
    f"kept open\nfor {KEEP_ALIVE_SECONDS:.0f} s",
    f"at most {NESTING_MAX} levels",
    f"at most {BODY_BYTES_MAX // MEBIBYTE} MiB, also when unpacked",
    f"at most {CODINGS_MAX} in a row, each in at most {MEMBERS_MAX} gzip members",
    f"up to {VALIDATOR_LENGTH_MAX} ASCII",
    "the statuses {}, {} and {} are retried".format(*sorted(RETRYABLE_STATUSES)),
    f"`Retry-After`\n  of up to {WAIT_MAX:.0f} s",
    f"`timeout_seconds` (default {TIMEOUT_SECONDS:.0f})",
    f"at most {CONNECTIONS_MAX} of one process",
    f"at most {BYTES_MAX // MEBIBYTE} MiB and {RECORDS_MAX:,} records",
)


def test_the_page_states_the_bounds_of_the_code() -> None:
    text = page("sources.md").text

    assert [fact for fact in FACTS if fact not in text] == []
