"""One filling of a form: the live tree, how a change spreads, and the instance as XML."""
