"""Cut the part of the design system that Budgetpool uses, so that a phone loads 10 kB and not 40.

    python -m budgetpool.portals.components.vendor_subset CSS_PACKAGE TOKENS_PACKAGE

takes the two unpacked npm packages (`@utrecht/component-library-css`,
`@nl-design-system-unstable/voorbeeld-design-tokens`) and writes one file with
their rules, unaltered but for blanks, to `static/vendor/`. Which rules are kept
is said below and nowhere else; a token is kept when a kept rule, or our brand
layer, refers to it. The tokens' `custom.css` is not read: it is not free.
"""

import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import tinycss2
from tinycss2.ast import AtRule, Node, QualifiedRule

STATIC = Path(__file__).resolve().parent.parent / "static"

# Elements styled by the package's `html.css`, below the class `utrecht-html`.
ELEMENTS = {
    "a", "body", "h1", "h2", "h3", "h4", "hr", "li", "ol", "p", "ul",
}  # fmt: skip

# Components taken from the package's `index.css`: every class of a rule must be listed.
CLASSES = {
    *(f"utrecht-button{m}" for m in ("", "--primary-action", "--secondary-action", "--subtle")),
    *(f"utrecht-textbox{m}" for m in ("", "--html-input")),
    *(f"utrecht-textarea{m}" for m in ("", "--html-textarea")),
    *(f"utrecht-select{m}" for m in ("", "--html-select")),
    *(f"utrecht-custom-checkbox{m}" for m in ("", "--html-input")),
    "utrecht-checkbox",
    *(f"utrecht-radio-button{m}" for m in ("", "--html-input")),
    *(f"utrecht-form-field{m}" for m in ("", "--invalid")),
    *(f"utrecht-form-label{m}" for m in ("", "--checkbox", "--radio")),
    "utrecht-form-field-description",
    "utrecht-form-field-error-message",
    *(f"utrecht-alert{m}" for m in ("", "__content", "__message", "--info", "--ok")),
    *(f"utrecht-alert{m}" for m in ("--warning", "--error")),
    *(f"utrecht-status-badge{m}" for m in ("", "--neutral", "--success", "--warning")),
    *(f"utrecht-status-badge{m}" for m in ("--error", "--inactive")),
    *(f"utrecht-skip-link{m}" for m in ("", "--visible-on-focus")),
    *(f"utrecht-paragraph{m}" for m in ("", "--lead", "--small")),
}  # fmt: skip
# States that our pages never show, and elements that they never hold.
UNUSED = re.compile(
    r":lang|:active|:user-invalid|:read-only|\[hidden\]|::placeholder|:disabled(?!\))|aria-disabled=true\](?!,)"
    r"|indeterminate|:invalid|:visited|:has\(|tel:|aria-pressed|aria-busy|postal-code"
)


def rules_kept(css: str, wanted: Callable[[str], bool]) -> Iterator[str]:
    """Yield the rules of `css` whose selector `wanted` accepts, with their at-rules around them."""
    yield from _kept(
        tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), wanted
    )


def _kept(nodes: list[Node], wanted: Callable[[str], bool]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, QualifiedRule):
            selectors = [s.strip() for s in _split(tinycss2.serialize(node.prelude))]
            selectors = [s for s in selectors if wanted(s)]
            body = _squeeze(tinycss2.serialize(node.content))
            if selectors and body:
                yield ",".join(_squeeze(s) for s in selectors) + "{" + body + "}"
        elif isinstance(node, AtRule) and node.content is not None:
            inner = list(
                _kept(
                    tinycss2.parse_rule_list(
                        node.content, skip_comments=True, skip_whitespace=True
                    ),
                    wanted,
                )
            )
            if inner:
                yield f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}{{{''.join(inner)}}}"


def _split(selector_list: str) -> list[str]:
    parts, depth = [""], 0
    for character in selector_list:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _squeeze(text: str) -> str:
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"\s*([:;,{}>])\s+", r"\1", text).rstrip(";")


def wants_element(selector: str) -> bool:
    """Accept the rules of `html.css` for the elements that our pages hold."""
    if UNUSED.search(selector):
        return False
    rest = selector.removeprefix(".utrecht-html").strip()
    return bool(rest) and {*re.findall(r"(?<![\w:.\[-])[a-z][a-z0-9]*", rest)} <= ELEMENTS


def wants_component(selector: str) -> bool:
    """Accept the rules of `index.css` for the components that we list, in the states they have."""
    if UNUSED.search(selector):
        return False
    classes = set(re.findall(r"\.([\w-]+)", selector))
    return bool(classes) and classes <= CLASSES


def tokens_used(css: str, theme: dict[str, str]) -> dict[str, str]:
    """Return the tokens that `css` refers to, directly or through another token."""
    waiting, used = set(re.findall(r"var\((--[\w-]+)", css)), set()
    while waiting:
        name = waiting.pop()
        if name in theme and name not in used:
            used.add(name)
            waiting |= set(re.findall(r"var\((--[\w-]+)", theme[name]))
    return {name: theme[name] for name in theme if name in used}


def main(css_package: Path, tokens_package: Path) -> None:
    """Write the subset with its licence, and print its size."""
    version, tokens_version = (
        json.loads((folder / "package.json").read_text())["version"]
        for folder in (css_package, tokens_package)
    )
    kept = [
        *rules_kept((css_package / "dist/html.css").read_text(), wants_element),
        *rules_kept((css_package / "dist/index.css").read_text(), wants_component),
    ]
    css = "\n".join(dict.fromkeys(kept)) + "\n"
    theme = dict(
        re.findall(r"(--[\w-]+):\s*([^;]+);", (tokens_package / "dist/theme.css").read_text())
    )
    brand = (STATIC / "budgetpool/budgetpool.css").read_text()
    tokens = "".join(f"{k}:{v};\n" for k, v in tokens_used(css + brand, theme).items())
    copyright_lines = sorted(
        set(re.findall(r"Copyright \(c\) .*", (css_package / "dist/index.css").read_text()))
    )
    for name, folder, text, header in (
        (
            f"utrecht-component-library-css-{version}", css_package, css,
            "\n".join(f" * {line}" for line in copyright_lines),
        ),
        (
            f"voorbeeld-design-tokens-{tokens_version}", tokens_package,
            f".voorbeeld-theme{{\n{tokens}}}\n",
            " * Copyright (c) 2021-2025 NL Design System Community",
        ),
    ):  # fmt: skip
        target = STATIC / "vendor" / name
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "LICENSE.md", target / "LICENSE.md")
        notice = (
            f"/* @license EUPL-1.2, see LICENSE.md beside this file.\n{header}\n"
            f" * A subset of {name}, cut by vendor_subset.py; see NOTICE.md. */\n"
        )
        (target / "subset.css").write_text(notice + text)
        print(f"{name}: {len(text)} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
