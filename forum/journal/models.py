"""The journal of staff acts: rows that are added, and never changed."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class Act(StrEnum):
    """What staff did; Discourse's names in its staff action log, where it has one."""

    POST_EDIT = "post_edit"
    HIDE_POST = "hide_post"
    DELETE_POST = "delete_post"
    RECOVER_POST = "recover_post"
    EDIT_TOPIC = "edit_topic"
    TOPIC_CLOSED = "topic_closed"
    TOPIC_OPENED = "topic_opened"
    PIN_TOPIC = "pin_topic"
    UNPIN_TOPIC = "unpin_topic"
    MOVE_TOPIC = "move_topic"
    SPLIT_TOPIC = "split_topic"
    MOVE_POSTS = "move_posts"
    MERGE_TOPICS = "merge_topics"
    DELETE_TOPIC = "delete_topic"
    RECOVER_TOPIC = "recover_topic"
    ACCEPT_ANSWER = "accept_answer"
    UNACCEPT_ANSWER = "unaccept_answer"
    DISAGREE_WITH_FLAG = "disagree_with_flag"
    IGNORE_FLAG = "ignore_flag"
    UPHOLD_DECISION = "uphold_decision"
    DELETE_POSTS_OF_USER = "delete_posts_of_user"
    RECOVER_POSTS_OF_USER = "recover_posts_of_user"
    APPROVE_POST = "approve_post"
    REJECT_POST = "reject_post"
    APPROVE_USER = "approve_user"
    REJECT_USER = "reject_user"
    SUSPEND_USER = "suspend_user"
    SILENCE_USER = "silence_user"
    UNSILENCE_USER = "unsilence_user"
    NOTE_USER = "note_user"
    REINSTATE_USER = "reinstate_user"
    DEACTIVATE_USER = "deactivate_user"
    ERASE_USER = "erase_user"
    LOG_OUT_USER = "log_out_user"
    GRANT_ADMIN = "grant_admin"
    GRANT_MODERATION = "grant_moderation"
    DISABLE_SECOND_FACTOR = "disabled_second_factor"
    REVOKE_ADMIN = "revoke_admin"
    REVOKE_MODERATION = "revoke_moderation"
    CREATE_GROUP = "create_group"
    EDIT_GROUP = "edit_group"
    DELETE_GROUP = "delete_group"
    ADD_TO_GROUP = "add_to_group"
    REMOVE_FROM_GROUP = "remove_from_group"
    ADD_OWNER = "add_owner"
    REMOVE_OWNER = "remove_owner"
    REFUSE_GROUP_REQUEST = "refuse_group_request"
    CREATE_CATEGORY = "create_category"
    EDIT_CATEGORY = "edit_category"
    ARCHIVE_CATEGORY = "archive_category"
    RESTORE_CATEGORY = "restore_category"
    DELETE_CATEGORY = "delete_category"
    ADD_ANIMATOR = "add_animator"
    REMOVE_ANIMATOR = "remove_animator"
    CHANGE_CATEGORY_GROUPS = "change_category_groups"
    MERGE_ORGANISATIONS = "merge_organisations"
    CHANGE_SITE_SETTING = "change_site_setting"
    CHANGE_SYNONYMS = "change_synonyms"
    RETRY_MAIL = "retry_mail"
    ABANDON_MAIL = "abandon_mail"
    RUN_JOB = "run_job"
    API_KEY_CREATE = "api_key_create"
    API_KEY_REVOKE = "api_key_revoke"


class StaffAction(Model):
    """One act. `id` is its number in the chain, without a hole. Ids only: a row outlives what it names.

    Triggers refuse to change or delete a row; `hash` covers the row and the hash of the one before it.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=60)
    actor_id = fields.IntField(null=True)
    user_id = fields.IntField(null=True)
    topic_id = fields.IntField(null=True)
    post_id = fields.IntField(null=True)
    category_id = fields.IntField(null=True)
    details = fields.TextField()
    created_at = fields.DatetimeField()
    previous_hash = fields.CharField(max_length=64, unique=True)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "staff_actions"
        indexes = (("actor_id", "id"), ("user_id", "id"), ("kind", "id"))


class StaffReason(Model):
    """Why an act was done, in words that may be erased: its row holds a digest of `salt` and `words`."""

    id = fields.IntField(primary_key=True)
    action_id = fields.IntField(unique=True)
    salt = fields.CharField(max_length=32)
    words = fields.TextField()

    class Meta:
        table = "staff_reasons"


class JournalHead(Model):
    """One row, where the chain ends. Its lock puts acts in one order, and it tells of a chain cut short."""

    id = fields.IntField(primary_key=True)
    number = fields.IntField()
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "journal_head"
