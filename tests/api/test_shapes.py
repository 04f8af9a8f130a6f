"""What Discourse's typed clients ask of each answer is in it, and true."""

from typing import Any

from forum.answers.actions import accept_answer
from forum.posts.actions import revise_post
from forum.votes.actions import set_vote
from tests.api.programs import program_of
from tests.cast import Cast
from tests.factories import a_question, a_reply, seen

POST = """id name username display_username avatar_template created_at updated_at cooked post_number post_type
    reply_count reply_to_post_number quote_count incoming_link_count reads readers_count score yours
    topic_id topic_slug primary_group_name flair_name flair_url flair_bg_color flair_color version
    can_edit can_delete can_recover can_wiki user_title bookmarked actions_summary moderator admin
    staff user_id hidden trust_level deleted_at user_deleted edit_reason can_view_edit_history wiki
    reviewable_id reviewable_score_count reviewable_score_pending_count accepted_answer
    topic_accepted_answer post_url"""
TOPIC = """post_stream timeline_lookup suggested_topics tags tags_descriptions id title fancy_title
    posts_count created_at views reply_count like_count last_posted_at visible closed archived has_summary
    archetype slug category_id word_count deleted_at user_id featured_link pinned_globally pinned_at
    pinned_until image_url slow_mode_seconds draft draft_key draft_sequence unpinned pinned
    highest_post_number deleted_by has_deleted actions_summary chunk_size bookmarked bookmarks
    topic_timer message_bus_last_id participant_count show_read_indicator thumbnails
    slow_mode_enabled_until details last_read_post_number message_archived has_accepted_answer
    accepted_answers"""
DETAILS = """can_edit notification_level can_move_posts can_delete can_remove_allowed_users can_create_post
    can_reply_as_new_topic can_convert_topic can_review_topic can_close_topic can_archive_topic
    can_split_merge_topic can_edit_staff_notes can_toggle_topic_visibility can_pin_unpin_topic
    can_moderate_category participants created_by last_poster allowed_users allowed_groups"""
ROW = """id title fancy_title slug posts_count reply_count highest_post_number image_url created_at
    last_posted_at bumped bumped_at archetype unseen pinned unpinned visible closed archived
    bookmarked liked tags views like_count has_summary last_poster_username category_id
    pinned_globally featured_link has_accepted_answer posters"""
CATEGORY = """id name slug color text_color style_type emoji icon topic_count post_count position description
    description_text description_excerpt topic_url read_restricted permission notification_level
    can_edit topic_template topic_title_placeholder has_children subcategory_count sort_order
    sort_ascending show_subcategory_list num_featured_topics default_view subcategory_list_style
    default_top_period default_list_filter minimum_required_tags navigate_to_first_post_after_read
    topics_day topics_week topics_month topics_year topics_all_time subcategory_ids
    parent_category_id uploaded_logo uploaded_logo_dark uploaded_background uploaded_background_dark"""
SITE = """categories groups default_archetype notification_types post_types trust_levels filters
    homepage_choices periods top_menu_items anonymous_top_menu_items user_field_max_length
    post_action_types topic_flag_types can_create_tag can_tag_topics can_tag_pms tags_filter_regexp
    top_tags topic_featured_link_allowed_category_ids user_themes user_color_schemes censored_regexp
    custom_emoji_translation watched_words_replace watched_words_link archetypes user_fields
    auth_providers"""
USER = """id username name avatar_template last_posted_at last_seen_at created_at ignored muted
    can_ignore_user can_mute_user can_send_private_messages can_send_private_message_to_user
    trust_level moderator admin title badge_count custom_fields time_read recent_time_read
    primary_group_id primary_group_name featured_topic staged can_edit pending_count
    profile_view_count post_count topic_count bio_raw groups"""


def lacks(shape: dict[str, Any], wanted: str) -> set[str]:
    """The fields that are asked for and not there."""
    return set(wanted.split()) - set(shape)


async def test_no_field_that_typed_clients_ask_for_is_missing(site: str, cast: Cast) -> None:
    topic = await a_question(cast, tags=["cantine"])
    reply, alice = await a_reply(cast, topic), await cast.alice()
    await set_vote(alice, await seen(alice, reply), 1)
    await accept_answer(alice, await seen(alice, reply))
    for who in ("alice", "mod"):
        async with program_of(site, who) as program:

            async def get(path: str, program: Any = program) -> Any:
                return (await program.get(path)).json()

            view = await get(f"/t/{topic.id}.json")
            assert not lacks(view, TOPIC)
            assert not lacks(view["details"], DETAILS)
            for post in view["post_stream"]["posts"]:
                assert not lacks(post, POST)
            assert not lacks(await get(f"/posts/{reply.id}.json"), POST + " raw posts_count")
            for path in ("/latest.json", f"/c/school-meals/{cast.theme.id}.json", "/tag/cantine.json"):
                listed = (await get(path))["topic_list"]
                assert not lacks(listed, "can_create_topic draft draft_key draft_sequence per_page topics")
                assert not lacks(listed["topics"][0], ROW)
            assert not lacks((await get("/categories.json"))["category_list"]["categories"][0], CATEGORY)
            shape = await get("/site.json")
            assert not lacks(shape, SITE)
            assert not lacks(shape["categories"][0], CATEGORY)
            assert not lacks((await get("/u/bob.json"))["user"], USER)
            assert not lacks((await get("/about.json"))["about"], "title locale stats description")


async def test_a_list_says_what_its_reader_has_read(site: str, cast: Cast) -> None:
    topic = await a_question(cast)
    await a_reply(cast, topic)
    expected = {
        "alice": {"unseen": False, "last_read_post_number": 1, "unread_posts": 1, "notification_level": 3},
        "bob": {"unseen": False, "last_read_post_number": 2, "unread_posts": 0, "notification_level": 2},
        "eve": {"unseen": True, "last_read_post_number": None, "unread_posts": 0, "notification_level": 1},
    }
    for who, state in expected.items():
        async with program_of(site, who) as program:
            (row,) = (await program.get("/latest.json")).json()["topic_list"]["topics"]
        assert {name: row.get(name) for name in state} == state, who


async def test_what_a_member_wrote_is_counted_where_the_reader_may_look(site: str, cast: Cast) -> None:
    await a_reply(cast, await a_question(cast))
    await a_reply(cast, await a_question(cast, private=True))
    for who, counts in (("alice", (2, 2)), ("eve", (1, 1))):
        async with program_of(site, who) as program:
            asker = (await program.get("/u/alice.json")).json()["user"]
            helper = (await program.get("/u/bob.json")).json()["user"]
        assert (asker["topic_count"], asker["post_count"]) == counts
        assert (helper["topic_count"], helper["post_count"]) == (0, counts[0])
    async with program_of(site, "eve") as eve:
        nobody = (await eve.get("/u/mod.json")).json()["user"]
        (theme,) = (await eve.get("/categories.json")).json()["category_list"]["categories"]
    assert (nobody["post_count"], nobody["last_posted_at"]) == (0, None)
    assert {theme[f"topics_{span}"] for span in ("day", "week", "month", "year", "all_time")} == {1}


async def test_an_edited_post_says_that_it_has_a_history(site: str, cast: Cast) -> None:
    reply, bob = await a_reply(cast, await a_question(cast)), await cast.bob()
    await revise_post(bob, await seen(bob, reply), "Better words.", reason="", version=1)
    async with program_of(site, "eve") as eve:
        post = (await eve.get(f"/posts/{reply.id}.json")).json()
    assert (post["version"], post["can_view_edit_history"]) == (2, True)


async def test_an_accepted_answer_is_told_as_discourses_plugin_tells_it(site: str, cast: Cast) -> None:
    topic, alice = await a_question(cast), await cast.alice()
    reply = await a_reply(cast, topic)
    await accept_answer(alice, await seen(alice, reply))
    async with program_of(site, "bob") as bob:
        (alert,) = (await bob.get("/notifications.json")).json()["notifications"]
        kinds = (await bob.get("/site.json")).json()["notification_types"]
    assert alert["notification_type"] == kinds["custom"]
    assert alert["data"]["message"] == "solved.accepted_notification"
