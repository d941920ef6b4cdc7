"""
The ledger: one thread of a process writes, through a connection of its own.

    ledger.py        the port: takes operations on the event loop, and tells their outcome
    tickets.py       an operation that was submitted
    waiting.py       what waits, between the event loop and the writer
    writer.py        the thread: everything that waits is one transaction
    books.py         the accounts of one transaction: read, decided about, written
    session.py       one connection, and what differs between the databases
    store.py         where it is written: `sqlite.py` a file, `server.py` PostgreSQL or MySQL
    chores.py        heartbeats, and giving back what processes that died had reserved
    checkpoints.py   keeps the write-ahead log short without stopping the writer
    given_up.py      remembers what was given up after it was handed over
    file.py          how the file is opened
    same_file.py     whether it is still the one that was opened

Statements are written by hand here: a record has a budget of microseconds.
"""
