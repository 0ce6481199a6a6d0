"""Crossovers: from which value of any number on another architecture is cheaper, over one number and over two."""

from pages.ui import crossovers, crossovers_driver, crossovers_map, frame, heavy

with heavy.page():
    run = frame.begin("Crossovers")
    frame.eyebrow(run)
    tracks = crossovers.verdict(run)
    with crossovers.side_by_side():
        place = crossovers_map.section(run)
        crossovers.flips(run)
    found = crossovers_driver.section(run)
    crossovers_map.draw_when_asked(run, place)
    frame.end(run, [*tracks, found])
