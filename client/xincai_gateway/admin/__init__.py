"""What the county's administrator sees of the gateway, in a browser.

A small application of its own, on a listener of its own that is only on this computer unless told otherwise
(`xincai-gateway admin serve`). Pages are drawn here, without scripts and without anything from elsewhere.
"""
