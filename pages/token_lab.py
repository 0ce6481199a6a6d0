"""Token lab: tokens, chunks and prompts of your own text, measured and put into the scenario."""

from pages.ui import frame, heavy, token_lab

with heavy.page():
    run = frame.begin("Token lab")
    frame.eyebrow(run)
    token_lab.draw(run)
    frame.end(run)
