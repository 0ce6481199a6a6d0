"""Overview: the verdict in one sentence, what each architecture costs, and where the lines cross."""

from pages.ui import frame, heavy, overview

with heavy.page():
    run = frame.start()
    found = overview.work_out(run)
    frame.head("Overview")
    frame.eyebrow(run)
    places = overview.draw(found)
    tracks = overview.explain(run, places)
    overview.milestones(run)
    overview.warnings(run)
    frame.sidebar()
    frame.end(run, tracks)
