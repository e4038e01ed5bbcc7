"""Pages: each renders a state it is given and speaks intents as signals."""
