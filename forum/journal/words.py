"""The journal's codes in words."""

from forum.i18n import gettext as _
from forum.journal.models import Act


def act_words(act: Act) -> str:
    """What somebody did: the end of a sentence that their name begins."""
    return {**_about_posts(), **_about_people(), **_about_the_site()}[act]


def _about_posts() -> dict[Act, str]:
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
        Act.SPLIT_TOPIC: _("moved posts to a new topic"),
        Act.MOVE_POSTS: _("moved posts to another topic"),
        Act.MERGE_TOPICS: _("merged a topic into another one"),
        Act.DELETE_TOPIC: _("deleted a topic"),
        Act.RECOVER_TOPIC: _("recovered a topic"),
        Act.ACCEPT_ANSWER: _("accepted an answer to somebody else’s question"),
        Act.UNACCEPT_ANSWER: _("took back the acceptance of an answer"),
        Act.DISAGREE_WITH_FLAG: _("found reports of a post wrong"),
        Act.IGNORE_FLAG: _("left reports of a post aside"),
        Act.UPHOLD_DECISION: _("upheld a decision that was appealed"),
        Act.DELETE_POSTS_OF_USER: _("deleted all posts of a member"),
        Act.RECOVER_POSTS_OF_USER: _("brought back all posts of a member"),
        Act.APPROVE_POST: _("approved a post that waited"),
        Act.REJECT_POST: _("refused a post that waited"),
    }


def _about_people() -> dict[Act, str]:
    return {
        Act.APPROVE_USER: _("opened an account that was asked for"),
        Act.REJECT_USER: _("refused an account that was asked for"),
        Act.SUSPEND_USER: _("suspended a member"),
        Act.SILENCE_USER: _("silenced a member"),
        Act.UNSILENCE_USER: _("let a silenced member write again"),
        Act.NOTE_USER: _("wrote a staff note about a member"),
        Act.REINSTATE_USER: _("let a member in again"),
        Act.DEACTIVATE_USER: _("closed an account"),
        Act.ERASE_USER: _("had an account erased"),
        Act.LOG_OUT_USER: _("signed a member out everywhere"),
        Act.GRANT_ADMIN: _("made somebody an administrator"),
        Act.GRANT_MODERATION: _("made somebody a moderator"),
        Act.DISABLE_SECOND_FACTOR: _("took a member’s second factor away"),
        Act.REVOKE_ADMIN: _("took the administrator’s role from somebody"),
        Act.REVOKE_MODERATION: _("took the moderator’s role from somebody"),
    }


def _about_the_site() -> dict[Act, str]:
    return {
        Act.CREATE_GROUP: _("made a group"),
        Act.EDIT_GROUP: _("changed a group"),
        Act.DELETE_GROUP: _("deleted a group"),
        Act.ADD_TO_GROUP: _("put a member in a group"),
        Act.REMOVE_FROM_GROUP: _("took a member out of a group"),
        Act.ADD_OWNER: _("made a member owner of a group"),
        Act.REMOVE_OWNER: _("made a member no longer owner of a group"),
        Act.REFUSE_GROUP_REQUEST: _("refused a member’s request to join a group"),
        Act.CREATE_CATEGORY: _("made a theme"),
        Act.EDIT_CATEGORY: _("changed a theme"),
        Act.ARCHIVE_CATEGORY: _("archived a theme"),
        Act.RESTORE_CATEGORY: _("opened an archived theme again"),
        Act.DELETE_CATEGORY: _("deleted a theme"),
        Act.ADD_ANIMATOR: _("named somebody to look after a theme"),
        Act.REMOVE_ANIMATOR: _("took the care of a theme from somebody"),
        Act.CHANGE_CATEGORY_GROUPS: _("changed to whom a theme is open"),
        Act.MERGE_ORGANISATIONS: _("merged an organisation into another one"),
        Act.CHANGE_SITE_SETTING: _("changed how the site works"),
        Act.CHANGE_SYNONYMS: _("changed the search’s other words for the same thing"),
        Act.RETRY_MAIL: _("had a mail sent again"),
        Act.ABANDON_MAIL: _("gave a mail up"),
        Act.RUN_JOB: _("had a job run at once"),
        Act.API_KEY_CREATE: _("made a program’s key"),
        Act.API_KEY_REVOKE: _("revoked a program’s key"),
    }
