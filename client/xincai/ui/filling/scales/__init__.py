"""Answers on a scale: a slider with a number box, a list of its steps, stars, a counter."""
