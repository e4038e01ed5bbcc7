"""What is seen: the only room that knows PySide6 (with `app`).

A page renders a state and speaks intents; `work` carries the intents to the desk through `tasks`, the only
threads. No decision, SQL or address lives here.
"""
