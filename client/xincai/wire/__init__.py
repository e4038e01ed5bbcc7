"""What travels: manifests, signatures, receipts and messages, as pure values.

Client and gateway share this room. It decides what is genuine, so it reads no clock, no disk and no network:
bytes come in, facts or a `Problem` come out. Only `container` touches a file, the one it is handed.
"""
