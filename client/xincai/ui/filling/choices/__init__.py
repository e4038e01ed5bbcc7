"""Selects beyond plain options: many at once, an order, rows of a table, regions of a drawing, places."""
