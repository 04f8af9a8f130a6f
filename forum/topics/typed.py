"""What was typed in the form that opens a topic, and whether it may be opened so."""

from collections.abc import Mapping

from starlette.requests import Request

from forum.accounts.viewer import Viewer
from forum.charter.steps import agreed
from forum.composer import Composer
from forum.errors import gathered, require_none
from forum.tags.names import split_tags
from forum.topics.actions import check_topic
from forum.uploads.forms import require_attached
from forum.web import chosen_in, viewer_of


def typed_topic(form: Mapping[str, str]) -> Composer:
    """The form as it was sent."""
    return Composer(
        raw=form.get("raw", ""),
        title=form.get("title", ""),
        category_id=chosen_in(form, "category_id") or None,
        kind=form.get("kind", "question"),
        tags=form.get("tags", ""),
        details=form,
        token=form.get("token", ""),
    )


async def ready_to_open(request: Request, form: Mapping[str, str], composer: Composer) -> Viewer:
    """Whoever opens the topic; a tick in the form accepts the charter that has changed.

    Raises:
        Invalid: a file is not attached, or the charter has changed once more; with all else that is wrong.
    """
    faults, viewer = dict[str, str](), viewer_of(request)
    with gathered(faults):
        require_attached(form)
    with gathered(faults):
        viewer = await agreed(request, form)
    if faults:
        tags, category_id = split_tags(composer.tags), composer.category_id or 0
        with gathered(faults):
            await check_topic(viewer, category_id, composer.kind, composer.title, composer.raw, tags, form)
    require_none(faults)
    return viewer
