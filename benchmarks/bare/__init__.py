"""The floor of the Overview: a bare page with as many widgets, our own charts and levers, and nothing to work out.

`capture` reads everything off the real page beforehand, for each of some fifty positions of the lever; `page` shows it.
With `?charts=no` in the address it leaves the charts away.
"""
