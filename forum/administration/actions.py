"""Jobs run when an administrator says so."""

from forum import jobs
from forum.accounts.viewer import Viewer
from forum.administration.permissions import may_administer
from forum.errors import Conflict, NotFound, require
from forum.i18n import gettext as _
from forum.journal.models import Act
from forum.journal.steps import note
from realtime import log


async def run_job(admin: Viewer, name: str) -> None:
    """Have a job done at once, by the process that takes it first.

    Raises:
        Forbidden: not an administrator. NotFound: no such job, or none that is asked for by name.
        Conflict: it runs at this moment.
    """
    require(may_administer(admin))
    if jobs.period_of(name) is None and not jobs.is_on_demand(name):
        raise NotFound
    async with log.transaction():
        if not await jobs.hasten(name):
            raise Conflict(_("It is running at this moment."))
        await note(admin.id, Act.RUN_JOB, details={"job": name})
