"""The forms of a page as a browser without scripts reads them."""

from bs4 import BeautifulSoup, Tag

CHOICES = {"radio", "select"}
UNTYPED = {"hidden", "radio", "checkbox", "file", "select", "password"}
# Drawn anew with each page, or moved on by whoever was faster.
PASSING = {"token", "version"}


def read(html: str) -> BeautifulSoup:
    """A page."""
    return BeautifulSoup(html, "html.parser")


def attribute(tag: Tag, name: str) -> str:
    """One attribute's text; "" for none."""
    return str(tag.get(name) or "")


def kind_of(field: Tag) -> str:
    """What a field is: "textarea", "select", or the type of an input."""
    return attribute(field, "type") or "text" if field.name == "input" else str(field.name)


def posted(page: BeautifulSoup, path: str) -> list[Tag]:
    """The forms that send something; one that names no address sends to its own page's, `path`."""
    found = page.select("form[method=post]")
    for form in found:
        form["action"] = attribute(form, "action") or path
    return found


def fields_of(form: Tag, *kinds: str) -> list[Tag]:
    """Its fields that have a name: those of these kinds, or all."""
    found = form.select("input[name], select[name], textarea[name]")
    return [field for field in found if not kinds or kind_of(field) in kinds]


def typed_of(form: Tag) -> list[Tag]:
    """The fields in which one types and that are kept."""
    return [field for field in fields_of(form) if kind_of(field) not in UNTYPED]


def value_of(field: Tag) -> str:
    """What stands in a field where one types."""
    return field.get_text().removeprefix("\n") if field.name == "textarea" else attribute(field, "value")


def as_it_is(form: Tag) -> dict[str, str]:
    """What a browser sends if nothing is changed and the Enter key is pressed."""
    sent = {}
    for field in fields_of(form):
        kind = kind_of(field)
        if kind == "select":
            option = field.select_one("option[selected]") or field.select_one("option")
            sent[attribute(field, "name")] = attribute(option, "value") if option else ""
        elif kind not in ("radio", "checkbox") or field.has_attr("checked"):
            sent[attribute(field, "name")] = value_of(field)
    button = form.select_one("button[name]:not([formaction]):not([formmethod])")
    first = form.select_one("button:not([formaction]):not([formmethod])")
    if button is not None and button is first:
        sent[attribute(button, "name")] = attribute(button, "value")
    return sent


def face(form: Tag) -> tuple[str, frozenset[tuple[str, str]], str]:
    """By which a form is known again on another page: its address, what is hidden in it, its first button."""
    kept = {attribute(field, "name"): value_of(field) for field in fields_of(form, "hidden")}
    first = form.select_one("button:not([formaction]):not([formmethod])")
    address = attribute(form, "action").partition("#")[0]
    return (
        address,
        frozenset((name, value) for name, value in kept.items() if name not in PASSING),
        attribute(first, "value") if first else "",
    )


def fault_at(page: BeautifulSoup, field: Tag) -> str:
    """The sentence that describes a field as faulty; that of its group for a radio button. "" for none."""
    kind = kind_of(field)
    group = field.find_parent("fieldset") if kind == "radio" else field
    if group is None or (kind != "radio" and attribute(field, "aria-invalid") != "true"):
        return ""
    found = [page.find(id=id) for id in attribute(group, "aria-describedby").split() if "error" in id]
    return " ".join(element.get_text(" ", strip=True) for element in found if element)
