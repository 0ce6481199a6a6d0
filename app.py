"""Overview: the verdict in one sentence, what each architecture costs, and where the lines cross."""

from pages.ui import frame, heavy, overview

with heavy.page():
    run, later = frame.start()
    found = overview.work_out(run)
    frame.head("Overview", later)
    frame.eyebrow(run, later)
    places = overview.draw(found)
    frame.sidebar()
    tracks = overview.explain(run, places)
    overview.milestones(run)
    overview.warnings(run)
    later.draw()
    frame.end(run, tracks)
