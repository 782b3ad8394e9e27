"""How every form is drawn: label, hint, error, field, with the error tied to its field."""

from typing import Any

from django.forms.renderers import TemplatesSetting

CLASSES = {
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "select": "utrecht-select utrecht-select--html-select",
    "checkbox": "utrecht-checkbox utrecht-custom-checkbox utrecht-custom-checkbox--html-input",
    "textbox": "utrecht-textbox utrecht-textbox--html-input",
}
# Widgets that are drawn otherwise, or not at all.
BARE = {"hidden", "radio", "checkbox_select", "file", "clearable_file_input", "multiple_input"}


class OptionLabel:
    """A choice's label with a hint below: `OptionLabel("VCA basis", hint="1 day, € 295")`.

    Both become text when a page is drawn, in its reader's language: a form class is made once,
    at import, when nobody has a language yet.
    """

    def __init__(self, label: object, *, hint: object = "") -> None:
        self.label = label
        self.hint = hint

    def __str__(self) -> str:
        return str(self.label)


class Renderer(TemplatesSetting):
    """Draw forms with Budgetpool's templates and the design system's classes."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        widget = context.get("widget")
        if widget is not None:
            kind = template_name.rsplit("/", 1)[-1].removesuffix(".html")
            _dress(widget, kind)
        return super().render(template_name, context, request)


def _dress(widget: dict[str, Any], kind: str) -> None:
    attrs = widget["attrs"]
    # The browser's own messages come in the browser's language and vanish; ours stay.
    if attrs.pop("required", False) and kind not in BARE:
        attrs["aria-required"] = "true"
    for _group, options, _index in widget.get("optgroups", []):
        for option in options:
            option["attrs"].pop("required", None)
    if kind not in BARE and "subwidgets" not in widget:
        design = CLASSES.get(kind, CLASSES["textbox"])
        attrs["class"] = f"{design} {attrs.get('class', '')}".strip()
