"""Every page that the browser looks at: one line each.

`world` is what `tests/browser/world.py` made. Each list belongs to one person of the cast; a new
page of your portal is one line here, and then it is checked at three widths, for accessibility,
size of text and targets, the keyboard, and what it asks of others.
"""

PUBLIC = [
    "/",
    "/how-we-divide",
    "/accessibility",
    "/privacy",
    "/sign-in",
]
