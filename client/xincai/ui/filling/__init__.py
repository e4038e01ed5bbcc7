"""A filling on the screen: outline, cards, fields for every kind of question, and the step that seals it.

The page renders what the desk's `Filling` says and speaks intents to it through one `Scribe`; after every
change only what really changed is drawn again and the draft is saved on the vault's lane.
"""

from xincai.ui.filling.page import FillingPage

__all__ = ["FillingPage"]
