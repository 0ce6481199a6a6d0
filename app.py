"""Overview: the verdict in one sentence, what each architecture costs, and where the lines cross."""

from pages.ui import frame, levers, overview, turns

run = frame.begin("Overview")
frame.eyebrow(run)
said = overview.verdict(run, list(levers.found().values()))
overview.cards(run, said)
overview.lines(run)
tracks = turns.section(run)
overview.bars(run)
overview.milestones(run)
overview.warnings(run)
frame.end(run, tracks)
