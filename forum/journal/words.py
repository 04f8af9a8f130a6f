"""The journal's codes in words."""

from forum.i18n import gettext as _
from forum.journal.models import Act


def act_words(act: Act) -> str:
    """What somebody did: the end of a sentence that their name begins."""
    return {
        Act.POST_EDIT: _("edited a post"),
        Act.HIDE_POST: _("hid a post"),
        Act.DELETE_POST: _("deleted a post"),
        Act.RECOVER_POST: _("recovered a post"),
        Act.EDIT_TOPIC: _("changed a topic’s title or tags"),
        Act.TOPIC_CLOSED: _("closed a topic"),
        Act.TOPIC_OPENED: _("opened a topic again"),
        Act.PIN_TOPIC: _("pinned a topic"),
        Act.UNPIN_TOPIC: _("unpinned a topic"),
        Act.MOVE_TOPIC: _("moved a topic"),
        Act.DELETE_TOPIC: _("deleted a topic"),
        Act.RECOVER_TOPIC: _("recovered a topic"),
        Act.ACCEPT_ANSWER: _("accepted an answer to somebody else’s question"),
        Act.UNACCEPT_ANSWER: _("took back the acceptance of an answer"),
        Act.DISAGREE_WITH_FLAG: _("found reports of a post wrong"),
        Act.IGNORE_FLAG: _("left reports of a post aside"),
        Act.UPHOLD_DECISION: _("upheld a decision that was appealed"),
        Act.SUSPEND_USER: _("suspended a member"),
        Act.SILENCE_USER: _("silenced a member"),
        Act.UNSILENCE_USER: _("let a silenced member write again"),
        Act.NOTE_USER: _("wrote a staff note about a member"),
        Act.REINSTATE_USER: _("let a member in again"),
        Act.DEACTIVATE_USER: _("closed an account"),
        Act.LOG_OUT_USER: _("signed a member out everywhere"),
        Act.GRANT_ADMIN: _("made somebody an administrator"),
        Act.GRANT_MODERATION: _("made somebody a moderator"),
        Act.CREATE_GROUP: _("made a group"),
        Act.ADD_TO_GROUP: _("put a member in a group"),
        Act.REMOVE_FROM_GROUP: _("took a member out of a group"),
        Act.CHANGE_CATEGORY_GROUPS: _("changed to whom a theme is open"),
        Act.CHANGE_SITE_SETTING: _("changed how the site works"),
        Act.RETRY_MAIL: _("had a mail sent again"),
        Act.ABANDON_MAIL: _("gave a mail up"),
        Act.RUN_JOB: _("had a job run at once"),
        Act.API_KEY_CREATE: _("made a program’s key"),
        Act.API_KEY_REVOKE: _("revoked a program’s key"),
    }[act]
