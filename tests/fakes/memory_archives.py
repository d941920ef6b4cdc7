"""Archives, record keys and what nobody pays for, in memory."""

from collections.abc import Collection, Mapping, Sequence
from itertools import groupby

from plg.application.ports.ledger.archives import ArchivesPort
from plg.application.ports.ledger.free_usage import FreeUsagePort
from plg.application.ports.ledger.record_keys import BoundKey, HeldKey, RecordKeysPort
from plg.domain.errors import StorageUnavailable
from plg.domain.ledger.archives import KeptCheckpoint
from plg.domain.ledger.free_usage import FreeUsageSum, FreeUsageTotal
from plg.domain.ledger.usage import UsageRecord
from tests.fakes.memory_tables import Twin
from tests.fakes.memory_usage import CHAIN


class MemoryArchives(Twin, ArchivesPort):
    """Checkpoints in a list; records that have none are not removed."""

    async def archived_to(self, account_id: str) -> int:
        return max((each.checkpoint.last for each in await self.of(account_id)), default=0)

    async def archived_until(self, account_id: str) -> int:
        return max((each.checkpoint.to_at for each in await self.of(account_id)), default=0)

    async def of(self, account_id: str) -> list[KeptCheckpoint]:
        mine = [each for each in self._read.checkpoints if each.checkpoint.account_id == account_id]
        return sorted(mine, key=lambda each: each.checkpoint.last)

    async def add(self, kept: KeptCheckpoint) -> None:
        self._written.checkpoints.append(kept)

    async def first_left_over(self, account_id: str) -> int | None:
        archived_to = await self.archived_to(account_id)
        mine = [number for owner, number in self._read.usage if owner == account_id]
        return min((number for number in mine if number <= archived_to), default=None)

    async def remove(self, account_id: str, first: int, last: int) -> int:
        archived_to = await self.archived_to(account_id)
        gone = [
            (owner, number)
            for owner, number in self._written.usage
            if owner == account_id and first <= number <= last
        ]
        if any(number > archived_to for _, number in gone):
            raise StorageUnavailable("only archived records are removed")
        for place in gone:
            del self._written.usage[place]
        return len(gone)


class MemoryRecordKeys(Twin, RecordKeysPort):
    """Looks through all records."""

    async def held(
        self,
        account_id: str,
        first: int,
        last: int,
        keys: Collection[str],
        resource: str | None,
    ) -> list[HeldKey]:
        return [
            HeldKey(each.sequence, each.id, CHAIN.pepper_id, each.record_key)
            for each in self._of(account_id)
            if first <= each.sequence <= last
            and each.record_key is not None
            and each.record_key in keys
            and resource in (None, each.resource)
        ]

    async def erase(self, account_id: str, digests: Mapping[int, bytes]) -> int:
        usage, erased = self._written.usage, 0
        for number, digest in digests.items():
            record = usage.get((account_id, number))
            if record is not None and record.record_key is not None:
                usage[account_id, number] = record._replace(record_key=None)
                self._written.digests[account_id, number] = digest
                erased += 1
        return erased

    async def forget_vehicles(self, account_id: str, keys: Collection[str]) -> int:
        meter = self._written.meters.get(account_id)
        gone = [] if meter is None else [each for each in meter.seen if each[1][1] in keys]
        if meter is not None:
            meter.seen = {place: at for place, at in meter.seen.items() if place not in gone}
        return len(gone)

    async def bound(
        self, account_id: str, keys: Collection[str], resource: str | None
    ) -> list[BoundKey]:
        meter = self._read.meters.get(account_id)
        bindings = {} if meter is None else meter.bindings
        return [
            BoundKey(name, bindings[name].record_key)
            for name in sorted(bindings)
            if bindings[name].record_key in keys and resource in (None, bindings[name].resource)
        ]

    async def rebind(self, account_id: str, bound: Sequence[BoundKey]) -> None:
        for name, record_key in bound:
            bindings = self._written.meters[account_id].bindings
            bindings[name] = bindings[name]._replace(record_key=record_key)

    def _of(self, account_id: str) -> list[UsageRecord]:
        usage = self._read.usage
        return [usage[place] for place in sorted(usage) if place[0] == account_id]


class MemoryFreeUsage(Twin, FreeUsagePort):
    """Sums in a dict."""

    async def add(self, sums: Sequence[FreeUsageSum]) -> None:
        for *place, count in sums:
            known = self._written.free_usage.get(tuple(place), 0)  # type: ignore[arg-type]
            self._written.free_usage[tuple(place)] = known + count  # type: ignore[index]

    async def totals(
        self,
        account_id: str | None,
        since: int,
        until: int,
        *,
        after: FreeUsageTotal | None,
        limit: int,
    ) -> list[FreeUsageTotal]:
        found = sorted(
            (name, count)
            for (minute, *name), count in self._read.free_usage.items()
            if since <= minute < until and account_id in (None, name[0])
        )
        totals = [
            FreeUsageTotal(name[0], name[1], name[2], sum(count for _, count in each))
            for name, each in groupby(found, key=lambda one: one[0])
        ]
        return [each for each in totals if after is None or each[:-1] > after[:-1]][:limit]

    async def prune(self, before: int, *, limit: int) -> int:
        old = [place for place in self._written.free_usage if place[0] < before][:limit]
        for place in old:
            del self._written.free_usage[place]
        return len(old)
