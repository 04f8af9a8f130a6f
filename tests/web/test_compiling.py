"""Templates compiled: what is settled beforehand is what would have been rendered."""

from jinja2 import DictLoader
from markupsafe import Markup

from forum.compiling import CompilingEnvironment

TEXTS = {
    "Hello": "Bonjour",
    "Say “%(what)s”": "Dire « %(what)s »",
    "50 %% done": "fait à 50 %%",
    "a<b": "a<b",
}
drawn: list[str] = []


def icon(name: str) -> Markup:
    drawn.append(name)
    return Markup("<svg>{}</svg>").format(name)


def path(subject: str, *, full: bool = False) -> str:
    return f"{'https:' if full else ''}//{subject}"


def rendered(templates: dict[str, str], **context: object) -> str:
    environment = CompilingEnvironment(
        translate=lambda text: TEXTS.get(text, text),
        functions={"icon": icon, "path": path},
        constant=frozenset({"icon"}),
        loader=DictLoader(templates),
        autoescape=True,
    )
    return environment.get_template("page").render(context)


def test_texts_are_in_the_language_and_safe() -> None:
    assert rendered({"page": "{{ _('Hello') }}, {{ _('50 %% done') }}, {{ _('a<b') }}"}) == (
        "Bonjour, fait à 50 %, a&lt;b"
    )


def test_values_within_a_text_are_escaped_once() -> None:
    page = {"page": "{{ _('Say “%(what)s”', what=word) }}"}
    assert rendered(page, word="<b>") == "Dire « &lt;b&gt; »"
    assert rendered(page, word=Markup("<b>")) == "Dire « <b> »"


def test_a_text_may_stand_anywhere_in_an_expression() -> None:
    page = {
        "page": "{% for n, word in ((1, _('Hello')), (2, given or _('a<b'))) %}{{ n }}{{ word }} {% endfor %}"
    }
    assert rendered(page, given="") == "1Bonjour 2a&lt;b "
    assert rendered(page, given="<") == "1Bonjour 2&lt; "


def test_a_named_icon_is_drawn_once_for_all_a_chosen_one_each_time() -> None:
    drawn.clear()
    page = {"page": "{% for name in names %}{{ icon('bell') }}{{ icon(name) }}{% endfor %}"}
    assert rendered(page, names=["a", "b"]) == "<svg>bell</svg><svg>a</svg><svg>bell</svg><svg>b</svg>"
    assert drawn == ["bell", "a", "b"]


def test_functions_take_what_they_are_given() -> None:
    assert rendered({"page": "{{ path(x) }} {{ path(x, full=true) }}"}, x="<") == "//&lt; https://&lt;"


def test_a_partial_sees_what_its_place_sees_and_leaves_nothing_behind() -> None:
    templates = {
        "page": "{% with word='in' %}{% include 'part' %}{% endwith %}{% include 'part' %}{{ word }}",
        "part": "{% set inner = word ~ '!' %}[{{ inner }}{% include 'leaf' %}]",
        "leaf": "{{ _('Hello') }}",
    }
    assert rendered(templates, word="out") == "[in!Bonjour][out!Bonjour]out"
