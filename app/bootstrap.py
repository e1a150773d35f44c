"""Bootstrap's style sheet, as far as the pages use it: a seventh of its way over the line. All that it says of plain
elements stays.
"""

import re
from collections.abc import Iterator

# Those that the templates use.
CLASSES = {
    "btn", "btn-lg", "btn-outline-primary", "btn-outline-secondary", "btn-primary", "btn-sm", "form-control",
    "form-control-lg", "form-label", "form-text", "is-invalid", "modal-body", "modal-content", "modal-footer",
    "modal-header", "modal-title", "visually-hidden",
}  # fmt: skip
RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
BETWEEN_SELECTORS = re.compile(r",(?![^()]*\))")


def used_of(style: str) -> str:
    """A style sheet without the rules that no page can meet: of classes we have not, and of motions they alone make."""
    licence = re.match(r"(?:@charset[^;]*;)?(/\*!.*?\*/)?", style, re.DOTALL)
    start = licence.end() if licence else 0
    return style[:start] + "".join(_used_rules(style[start:]))


def _used_rules(style: str) -> Iterator[str]:
    for selectors, body in RULE.findall(style):
        if selectors.startswith("@media"):
            inner = "".join(_used_rules(body))
            if inner:
                yield f"{selectors}{{{inner}}}"
        elif not selectors.startswith("@"):
            used = [each for each in BETWEEN_SELECTORS.split(selectors) if _can_meet(each)]
            if used:
                yield f"{','.join(used)}{{{body}}}"


def _can_meet(selector: str) -> bool:
    needed = re.sub(r":not\([^()]*\)", "", selector)
    return "data-bs-theme=dark" not in needed and set(re.findall(r"\.([A-Za-z][\w-]*)", needed)) <= CLASSES
