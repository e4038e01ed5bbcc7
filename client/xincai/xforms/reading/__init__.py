"""From XForm bytes to a `Form`: instances, binds, body, texts, actions, and what is checked first."""
