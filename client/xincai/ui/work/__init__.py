"""Errands: one behind each page. An errand brings the page its state and carries its intents to the desk."""
