"""
From bytes to answers: one connection, two carriers.

`connection.py` owns the connection, `lane.py` answers what is ready from the parsed head,
`ordinary.py` is uvicorn's own protocol, with bounds, for everything else.
"""
