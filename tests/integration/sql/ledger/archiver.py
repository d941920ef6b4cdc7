"""Archives a file, as a process that can be killed: `archiver.py PATH`."""

import asyncio
import sys
from pathlib import Path

from tests.integration.sql.ledger.keeping import keeping


async def main(path: Path) -> None:
    async with keeping(path) as keeper:
        sys.stdout.write("begun\n")
        sys.stdout.flush()
        await keeper.archive()
        sys.stdout.write("done\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
