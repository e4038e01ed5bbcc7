"""The gateway (前置机): the receiving side, and the practice platform on the officer's own computer.

It verifies what arrives, keeps it, answers with signed receipts, and lays accepted records out in plain
tables for the platform to read. It shares the client's wire and forms and knows nothing else of the
client.

One way in: `commit.take`, for HTTP and for sticks alike.
"""
