"""Webhooks that are called here, and by nobody."""

from collections.abc import Sequence

from plg.application.ports.notices.webhooks import WebhookCallsPort
from plg.domain.notices.deliveries import Attempt
from plg.domain.notices.notices import Event
from plg.domain.notices.webhooks import check_url

TAKEN = Attempt(is_delivered=True, status=204)


class NotedCalls(WebhookCallsPort):
    """
    Notes each call: address, secrets and event.

    `answers` are what the next calls come to, the last one over and over.
    """

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[bytes], Event]] = []
        self.answers: list[Attempt | Exception] = [TAKEN]

    @property
    def events(self) -> list[Event]:
        return [event for _, _, event in self.calls]

    def check(self, url: str) -> None:
        check_url(url)

    async def call(self, url: str, secrets: Sequence[bytes], event: Event) -> Attempt:
        self.calls.append((url, list(secrets), event))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer
