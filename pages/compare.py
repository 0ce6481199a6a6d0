"""Compare: this scenario beside another one: both answers, the curves, what differs, and one bill line by line."""

from pages.ui import compare, frame, heavy

with heavy.page():
    run = frame.begin("Compare")
    frame.eyebrow(run)
    found = compare.verdict(run)
    if found is None:
        compare.ways("page")
    else:
        compare.both_verdicts(found)
        compare.totals(found)
        compare.curves(found)
        compare.assumptions(found)
        compare.bill(found)
    frame.end(run)
