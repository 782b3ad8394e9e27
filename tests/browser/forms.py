"""Whether a page still has what somebody typed after the line was lost."""

from playwright.sync_api import Error, Page

# Every field that takes typed words gets other ones, as fingers would do it; a form that asks for
# a password or a code is nobody's to keep.
TYPE = """() => {
  const secret = ({type, autocomplete}) => type === "password" || autocomplete === "one-time-code";
  const takes = (field) => !field.readOnly && !field.disabled
    && (field.tagName === "TEXTAREA" || (field.tagName === "INPUT" && !["hidden", "file", "submit",
      "button", "checkbox", "radio", "password"].includes(field.type)));
  const typed = [];
  for (const form of document.querySelectorAll("main form[method=post]")) {
    const fields = [...form.elements];
    if (fields.some(secret)) continue;
    for (const field of fields.filter(takes)) {
      const wanted = field.type === "number" ? "7" : field.type === "date" ? "2031-03-04"
        : `7${typed.length}`;
      field.value = wanted;
      field.dispatchEvent(new Event("input", {bubbles: true}));
      typed.push([field.id || field.name, field.name, wanted]);
    }
  }
  return typed;
}"""
THERE = """(typed) => typed.filter(([id, name, wanted]) =>
  (document.getElementById(id) ?? document.getElementsByName(name)[0])?.value !== wanted)
  .map(([id]) => id)"""


def forgotten(page: Page) -> list[str]:
    """The fields whose words are gone when the form was sent over a lost line.

    Leaves nothing on the device.
    """
    typed = page.evaluate(TYPE)
    if not typed:
        return []
    address = page.url
    page.route("**/*", _lost)
    try:
        with page.expect_event("requestfailed", timeout=3_000):
            page.evaluate("document.querySelector('main form[method=post]').requestSubmit()")
    except Error:
        pass  # the browser itself refused the form, or the page went away with the line
    page.unroute_all()
    page.goto(address)
    gone = page.evaluate(THERE, typed)
    page.evaluate("localStorage.clear()")
    return [f"forgets what was typed into {name}" for name in gone]


def _lost(route) -> None:
    if route.request.method == "POST":
        route.abort("connectionfailed")
    else:
        route.continue_()
