"""Overview: the verdict in one sentence, what each architecture costs, and where the lines cross."""

from pages.ui import frame, overview, turns

run = frame.begin("Overview")
frame.eyebrow(run)
overview.verdict(run)
overview.cards(run)
overview.lines(run)
crossovers = turns.section(run)
overview.bars(run)
overview.milestones(run)
overview.months(run)
overview.warnings(run)
frame.end(run, crossovers)
