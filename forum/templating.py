"""Jinja: one environment per locale, the site's own globals, pages and partials rendered the same way."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from forum.assets import Assets, beside, shipped_assets
from forum.categories.queries import current_face, current_theme
from forum.compiling import CompilingEnvironment, KeptTemplates
from forum.edition import edition
from forum.i18n import LOCALE_NAMES, format_day, format_moment, format_number, speaking, translations
from forum.icons import ICONS
from forum.kinds.registry import kind_of
from forum.markdown.excerpts import excerpt
from forum.stored import object_in
from forum.tags.names import tag_slug

EXCERPT = 200


class PresentFace:
    """What every page says of the site itself: templates are compiled once, and the settings move."""

    def __getattr__(self, name: str) -> Any:
        return getattr(current_face(), name)


class Templates:
    """The templates of a running site.

    Args:
        assets: where static files are served.
        zone: the time zone in which moments are written.
    """

    def __init__(self, assets: Assets, zone: ZoneInfo) -> None:
        self.assets = assets
        self.zone = zone
        self.environments = {locale: self._environment(locale) for locale in LOCALE_NAMES}

    def render(self, name: str, locale: str, /, **context: Any) -> str:
        """A template as text; `context` holds exactly what it declares."""
        return self.environments[locale].get_template(name).render(context)

    def partials(self, parts: Iterable[tuple[str, Mapping[str, Any]]], locale: str) -> Markup:
        """Partials with what each needs, one after the other, to be put into a page as they are."""
        return Markup("".join(self.render(name, locale, **context) for name, context in parts))  # noqa: S704 - ours

    def _environment(self, locale: str) -> Environment:
        environment = CompilingEnvironment(
            translate=translations(locale).gettext,
            functions=self._functions(locale),
            constant=frozenset({"icon", "static"}),
            loader=FileSystemLoader(templates_folder()),
            bytecode_cache=KeptTemplates(templates_folder(), locale, edition(self.assets.hash)),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_translations(translations(locale), newstyle=True)  # type: ignore[attr-defined]
        environment.globals.update(
            locale=locale, locales=LOCALE_NAMES, site=PresentFace(), mail_style=mail_style()
        )
        environment.filters.update(
            moment=self._time_filter(format_moment, locale),
            day=self._time_filter(format_day, locale, " data-day"),
            number=lru_cache(maxsize=4096)(partial(format_number, locale=locale)),
            excerpt=lambda cooked: excerpt(cooked, EXCERPT),
        )
        return environment

    def _functions(self, locale: str) -> dict[str, Callable[..., Any]]:
        """What templates may call."""
        return {
            "icon": self._icon,
            "static": self.assets.url,
            "topic_path": topic_path,
            "post_path": post_path,
            "category_path": category_path,
            "tag_path": tag_path,
            "user_path": user_path,
            "theme": current_theme,
            "kind_icon": kind_icon,
            "theme_icon": theme_icon,
            "action_label": _action_labels(locale),
            "kind_label": _kind_labels(locale),
            "kind_facts": _kind_facts(locale),
        }

    @cache  # noqa: B019 - one Templates lives as long as its site
    def _icon(self, name: str) -> Markup:
        sprite = self.assets.url("icons.svg")
        return Markup('<svg class="ico" aria-hidden="true"><use href="{}#{}"/></svg>').format(sprite, name)

    def _time_filter(self, write: Any, locale: str, mark: str = "") -> Any:
        """In the site's zone; a member's takes its place at the end (`zones.in_zone`)."""
        zone, attribute = self.zone, Markup(mark)  # noqa: S704 - ours

        @lru_cache(maxsize=4096)
        def render(at: datetime) -> Markup:
            stamp = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            return Markup('<time datetime="{}"{}>{}</time>').format(stamp, attribute, write(at, locale, zone))

        return render


@cache
def templates_in(zone: ZoneInfo) -> Templates:
    """The shipped templates with the shipped assets: each is compiled once in a process."""
    return Templates(shipped_assets(), zone)


def mail_style() -> Markup:
    """What dresses a mail: within it, as mail programs fetch nothing."""
    return Markup((templates_folder() / "mail" / "style.css").read_text("utf-8"))  # noqa: S704 - ours


def templates_folder() -> Path:
    """Beside the package when installed, one level up in a checkout."""
    return beside("templates")


def topic_path(topic: Any) -> str:
    """A topic's address."""
    return f"/t/{topic.slug}/{topic.id}"


def post_path(post: Any) -> str:
    """A post's address: its topic's, and its number."""
    return f"/t/{post.topic_slug}/{post.topic_id}/{post.number}"


def category_path(category: Any) -> str:
    """A theme's address."""
    return f"/c/{category.slug}/{category.id}"


def tag_path(name: str) -> str:
    """A tag's page."""
    return f"/tag/{quote(tag_slug(name), safe='+')}"


def user_path(username: str) -> str:
    """A member's page."""
    return f"/u/{username}"


def theme_icon(name: str) -> str:
    """A theme's icon, if the sprite has it."""
    return name if name in ICONS else "folder"


def kind_icon(kind: str, solved: bool = False) -> str:
    """The icon of a kind of topic."""
    found = kind_of(kind)
    return found.solved_icon if solved and found.solvable else found.icon


def _kind_labels(locale: str) -> Any:
    def kind_label(kind: str, solved: bool = False) -> str:
        with speaking(locale):
            return kind_of(kind).words(solved)

    return kind_label


def fact_words(facts: str, kind: str) -> tuple[str, ...]:
    """What a row shows of its topic's typed fields, in the current language."""
    if not facts:
        return ()
    values, found = object_in(facts, "topics", "facts"), kind_of(kind)
    words = [
        found.told(one, values)
        for one in found.fields
        if one.in_row and values.get(one.name) not in (None, "")
    ]
    state = found.state_label(values["state"]) if found.state_label and "state" in values else ""
    return (*([state] if state else []), *words)


def _kind_facts(locale: str) -> Any:
    """What a row shows of its topic's typed fields, in words."""

    @lru_cache(maxsize=4096)
    def kind_facts(facts: str, kind: str) -> tuple[str, ...]:
        with speaking(locale):
            return fact_words(facts, kind)

    return kind_facts


def _action_labels(locale: str) -> Any:
    """What a small action says, by Discourse's code for it."""
    _ = translations(locale).gettext
    labels = {
        "closed.enabled": _("closed this topic"),
        "closed.disabled": _("opened this topic again"),
        "autoclosed.enabled": _("closed this topic"),
        "archived.enabled": _("archived this topic"),
        "archived.disabled": _("took this topic out of the archive"),
        "pinned.enabled": _("pinned this topic"),
        "pinned.disabled": _("unpinned this topic"),
        "pinned_globally.enabled": _("pinned this topic everywhere"),
        "visible.enabled": _("listed this topic again"),
        "visible.disabled": _("took this topic off the lists"),
        "split_topic": _("moved posts to another topic"),
    }

    def action_label(code: str | None) -> str:
        return labels.get(code or "", _("changed this topic"))

    return action_label
