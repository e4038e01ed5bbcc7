"""XPath as ODK writes it: parsed, resolved, compiled to closures, with its values and functions."""
