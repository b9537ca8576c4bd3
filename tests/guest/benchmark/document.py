# SPDX-License-Identifier: MIT
"""The measured parts of docs/performance.md, which --write-docs exchanges."""

import re

from testbed.paths import CHECKOUT
from testbed.shell import Failed

PAGE = CHECKOUT / "docs/performance.md"
PLOTS = CHECKOUT / "docs/performance"


def exchange(part: str, text: str) -> None:
    """Puts `text` between the comments `measured: PART` and `end of PART`."""
    begin, end = f"<!-- measured: {part} -->", f"<!-- end of {part} -->"
    page = PAGE.read_text()
    changed, count = re.subn(f"{re.escape(begin)}.*?{re.escape(end)}",
                             lambda _: f"{begin}\n\n{text.strip()}\n\n{end}", page, flags=re.S)
    if count != 1:
        raise Failed(f"{PAGE} has no part {part!r} to exchange")
    PAGE.write_text(changed)


def exchange_plot(subject: str, title: str, picture: str) -> None:
    """The part `SUBJECT plot`, and the SVG that it shows."""
    PLOTS.mkdir(exist_ok=True)
    path = PLOTS / f"{subject}.svg"
    path.write_text(picture)
    exchange(f"{subject} plot", f"![{title}]({path.relative_to(PAGE.parent)})")
