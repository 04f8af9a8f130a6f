"""What went wrong in other forums, and the test that shows why it does not go wrong here.

One row for each lesson of their published advisories: what is asked of a forum, and the tests that ask it,
the first of them named after the advisory; or the reason why there is nothing to ask here. `apart` says which
part of a lesson does not apply, or is answered otherwise.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

TESTS = Path(__file__).parent.parent
TEST = re.compile(r"^\s*(?:async )?def (test_\w+)\(", re.MULTILINE)
NAMED = re.compile(r"test_(cve_\d{4}_\d+|discourse_pr_\d+|nodebb)_")
COUNT = 33


class Lesson(NamedTuple):
    """What a forum must do, and either the tests that show it or why it has nothing to do with us."""

    asked: str
    tests: tuple[str, ...] = ()
    reason: str = ""
    apart: str = ""


LESSONS = {
    # What is told through live channels and side doors.
    1: Lesson(
        "A private channel is refused like one that does not exist.",
        (
            "test_discourse_pr_40913_a_private_channel_answers_exactly_as_one_that_does_not_exist",
            "test_channels_of_restricted_things_are_heard_by_their_members_only",
            "test_each_channel",
        ),
    ),
    2: Lesson(
        "What is told without an audience is told to nobody.",
        (
            "test_discourse_pr_42965_what_is_told_without_an_audience_is_told_to_nobody",
            "test_discourse_pr_42965_every_channel_has_a_doorman_and_a_surface",
            "test_no_fact_is_recorded_without_its_channel",
            "test_what_happens_where_few_may_look_is_told_to_none_but_them",
        ),
    ),
    3: Lesson(
        "Whoever is removed hears nothing of what comes after, nor when they come back.",
        (
            "test_cve_2024_53867_whoever_loses_a_right_hears_nothing_more_and_whoever_keeps_it_misses_nothing",
            "test_coming_back_after_the_loss_is_answered_as_for_a_topic_that_never_was",
        ),
    ),
    4: Lesson(
        "What ends a session or a right ends what is open with it, at each worker.",
        (
            "test_cve_2026_9162_what_lets_bob_in_goes_and_his_connections_with_it",
            "test_signing_out_at_one_worker_ends_what_is_open_at_both",
            "test_a_lost_phone_is_reset_on_the_machine",
            "test_a_role_is_given_and_taken_and_what_it_opens_follows",
        ),
    ),
    5: Lesson(
        "Votes, reading positions and presence ask who may see the post.",
        (
            "test_discourse_pr_14022_what_is_restricted_answers_outsiders_exactly_as_what_is_absent",
            "test_cve_2026_32620_a_body_about_what_one_may_not_see_answers_as_about_nothing",
            "test_cve_2026_32620_a_deleted_reply_answers_as_one_that_never_was",
            "test_a_hidden_reply_takes_no_vote_and_is_no_answer",
            "test_coming_back_after_the_loss_is_answered_as_for_a_topic_that_never_was",
            "test_its_words_are_nowhere_for_others",
        ),
        apart="Nobody is told who types, who reads or who has voted: there is no list of them to ask for.",
    ),
    6: Lesson(
        "Private words change no result, no order, no suggestion, no page.",
        (
            "test_discourse_pr_41673_private_words_change_nothing_that_an_outsider_is_told",
            "test_the_pages_of_an_outsider_are_the_same_to_the_byte",
            "test_each_page_and_each_program_s_address",
            "test_cve_2021_41271_no_header_gives_one_person_what_is_for_another",
            "test_cve_2023_22488_each_hears_by_mail_of_what_they_may_read_when_it_leaves",
            "test_bob_takes_all_of_his_and_nothing_of_others",
        ),
        apart="There are no feeds, no site map, no digest, no OpenGraph; refusals take the same path.",
    ),
    7: Lesson(
        "Accepted answers that one may not see are in no list and no count.",
        (
            "test_discourse_pr_41492_counts_hold_what_the_viewer_may_see",
            "test_a_deleted_answer_no_longer_solves_until_it_is_back",
            "test_what_one_may_not_see_is_in_no_list_and_no_count",
        ),
    ),
    8: Lesson(
        "A visitor’s pages are the same before and after a private post.",
        ("test_discourse_pr_41431_what_a_visitor_reads_is_the_same_before_and_after_a_restricted_post",),
    ),
    9: Lesson(
        "A mail says what its reader may read at the moment when it leaves.",
        (
            "test_cve_2023_22488_each_hears_by_mail_of_what_they_may_read_when_it_leaves",
            "test_nothing_is_said_of_what_one_may_no_longer_see_when_the_mail_leaves",
        ),
        apart="There are no push messages and no webhooks.",
    ),
    10: Lesson(
        "A hidden group is known to nobody outside it.",
        (
            "test_cve_2021_39163_outsiders_learn_nothing_through_any_door",
            "test_each_address_of_a_hidden_group",
        ),
    ),
    # Who may do what.
    11: Lesson(
        "A move asks about both places.",
        (
            "test_cve_2026_21865_both_where_it_is_and_where_it_goes_are_asked_about",
            "test_both_where_they_are_and_where_they_go_are_asked_about",
            "test_only_what_the_moderator_may_see_is_counted_and_goes",
        ),
        apart="Nothing is planned for later, and no topic changes its kind.",
    ),
    12: Lesson(
        "Fields that nobody asked for and values of another type change nothing.",
        (
            "test_cve_2026_28219_fields_that_nobody_asked_for_change_nothing",
            "test_cve_2026_27491_a_value_of_another_type_gives_eve_nothing_and_breaks_nothing",
            "test_fields_sent_twice_as_lists_or_as_files_break_no_form",
            "test_nothing_that_eve_says_live_makes_her_somebody_else_or_tells_her_more",
            "test_cve_2026_28219_no_field_makes_more_of_whoever_comes_or_goes",
            "test_cve_2026_28219_no_field_makes_more_of_an_account",
            "test_cve_2026_27491_a_category_that_is_no_number_does_not_become_another_category",
            "test_nobody_changes_another_profile",
            "test_no_field_breaks_a_form",
        ),
    ),
    13: Lesson(
        "A topic whose first post is gone opens nothing to anybody.",
        (
            "test_cve_2023_22489_a_topic_whose_first_post_goes_is_open_to_nobody",
            "test_the_post_that_opens_a_topic_may_be_hidden_and_the_topic_goes_on",
        ),
    ),
    14: Lesson(
        "An invitation serves once, for its address, its group and what its inviter still may give.",
        (
            "test_cve_2022_21706_an_invitation_ends_with_its_inviter_and_gives_no_right_that_they_have_lost",
            "test_cve_2022_21684_the_rules_of_signing_up_hold_here_too",
            "test_farid_is_invited_into_a_group_and_is_in",
            "test_a_hundred_of_the_same_link_make_one_member",
        ),
        apart="An invitation passes by the rule of approval (docs/administration.md), and gives no role.",
    ),
    15: Lesson(
        "A domain is compared whole.",
        ("test_cve_2026_33393_a_domain_is_allowed_whole_and_never_what_ends_with_it_or_looks_like_it",),
    ),
    # The WebSocket.
    16: Lesson(
        "A handshake from elsewhere is refused whatever cookie it carries.",
        ("test_nodebb_11573_a_cookie_without_origin_does_not_count_and_a_foreign_origin_is_refused",),
        apart="Without Origin, as programs come, one is let in as a visitor: the cookie does not count.",
    ),
    17: Lesson(
        "Hostile frames cost whoever sends them at the most.",
        (
            "test_cve_2023_30591_a_hundred_thousand_hostile_frames_hurt_nobody",
            "test_whatever_comes_is_a_wish_an_answer_or_the_end",
        ),
    ),
    18: Lesson(
        "Nothing compressed is unpacked: compression is not negotiated.",
        (
            "test_cve_2018_1000518_a_deflate_bomb_is_refused_unopened",
            "test_each_handshake_has_its_status",
        ),
    ),
    # What people write.
    19: Lesson(
        "A browser finds nothing in a post that runs, and reads back what was written.",
        (
            "test_cve_2020_6802_a_browser_finds_nothing_that_runs_or_loads",
            "test_cve_2021_23980_a_browser_reads_back_what_was_written",
        ),
    ),
    20: Lesson(
        "Names, reasons and titles are only words on each page and in each mail.",
        (
            "test_nodebb_room_rename_what_people_type_runs_on_no_page",
            "test_nodebb_room_rename_hostile_words_in_a_profile_are_only_words",
            "test_what_is_typed_is_inert_wherever_it_is_shown",
            "test_what_she_says_is_inert_wherever_it_is_shown",
            "test_what_a_person_wrote_makes_no_header",
            "test_no_word_of_a_topic_ends_what_search_engines_are_told",
        ),
    ),
    21: Lesson(
        "A text made to be slow is cooked or refused soon, and nobody else waits for it.",
        (
            "test_cve_2023_26302_each_is_cooked_or_refused_within_half_a_second",
            "test_the_server_goes_on_while_twenty_are_cooked",
            "test_a_bomb_is_cooked_or_refused_while_the_site_answers",
        ),
    ),
    # Files.
    22: Lesson(
        "Four formats are decoded; no name reaches the disk; what is no picture is a file to save.",
        (
            "test_cve_2024_53863_what_is_no_picture_is_refused",
            "test_cve_2021_41281_nothing_else_of_the_disk_is_served",
            "test_cve_2023_30538_a_name_or_a_header_makes_no_kind",
            "test_what_does_not_do_is_told_at_the_field",
            "test_a_picture_in_a_question_is_seen_by_everyone_in_its_room",
        ),
    ),
    23: Lesson(
        "A picture is measured before it is opened, and opened by a process that can be killed.",
        (
            "test_cve_2023_4863_one_that_takes_too_long_is_killed",
            "test_a_bomb_is_refused_before_it_is_opened",
            "test_cve_2023_4863_the_server_holds_little_of_a_picture_that_becomes_large",
            "test_lottapixel_the_process_that_reads_a_picture_is_bounded",
            "test_each_process_that_reads_pictures_bounds_itself_before_it_reads",
            "test_of_a_picture_with_a_thousand_frames_a_hundred_are_read",
        ),
    ),
    24: Lesson(
        "A private file is absent for outsiders however its address is spelled or asked for.",
        (
            "test_nodebb_encoded_upload_paths_open_no_private_file",
            "test_a_file_has_the_rights_of_its_post",
        ),
    ),
    # Addresses fetched, caches, accounts, abuse.
    25: Lesson(
        "The site fetches nothing from where it may not: no previews, only what a provider of sign-in names.",
        (
            "test_cve_2026_2455_a_provider_sends_the_site_nowhere_unsafe",
            "test_cve_2026_47389_it_goes_by_https_or_stays_on_this_machine",
            "test_cve_2022_41952_an_answer_that_leads_on_or_never_ends_is_not_followed",
        ),
        apart="There are no previews; the one place asked is configured, on a private network too.",
    ),
    26: Lesson(
        "No cache gives one person another’s page.",
        (
            "test_cve_2021_41271_no_header_gives_one_person_what_is_for_another",
            "test_a_redirect_to_the_title_of_a_restricted_topic_stays_in_the_browser_that_asked",
            "test_no_cache_keeps_a_refusal",
            "test_languages_and_members_do_not_share_a_page",
            "test_a_tag_is_worth_nothing_to_another_person_nor_after_signing_out",
            "test_no_cache_keeps_an_answer_for_another_and_no_other_site_reads_it",
        ),
        apart="There is no nginx: what any shared cache may keep is read from the answers.",
    ),
    27: Lesson(
        "Links name the configured site, whatever a request calls it.",
        (
            "test_cve_2026_29199_links_name_the_site_and_not_what_a_request_calls_it",
            "test_another_host_name_is_refused",
        ),
        apart="What X-Forwarded-Host says is not read at all, and so not refused.",
    ),
    28: Lesson(
        "Opening a mailed link changes nothing; it serves once, for half an hour, and lies in no table.",
        (
            "test_cve_2019_1020018_a_reset_link_lasts_half_an_hour_and_lies_in_no_table",
            "test_a_hundred_of_the_same_reset_change_the_password_once",
            "test_cve_2019_1020018_opening_a_mailed_link_changes_nothing",
            "test_looking_changes_nothing_pressing_confirms_and_the_link_is_spent",
        ),
        apart="Half an hour is for a password; other links last for as long as their mail says.",
    ),
    29: Lesson(
        "Nobody learns whether an address has an account, and no mailbox is filled.",
        (
            "test_cve_2022_31184_whether_there_is_an_account_is_told_to_nobody_but_its_owner",
            "test_a_stranger_costs_the_same_statements_and_the_same_hashes_as_a_member",
            "test_one_place_writes_to_no_more_than_thirty_addresses_in_an_hour",
            "test_a_mailbox_is_not_filled_and_its_owner_can_always_go_on",
        ),
    ),
    30: Lesson(
        "A form made to be slow or huge is refused at once.",
        (
            "test_cve_2023_30798_a_form_made_to_be_slow_is_refused_at_once",
            "test_a_hundred_thousand_fields_are_refused_at_once",
            "test_a_body_of_a_gigabyte_is_refused_before_it_is_read",
            "test_a_body_that_does_not_say_how_large_it_is_is_refused_on_its_way",
        ),
    ),
    31: Lesson(
        "Signs that mean something to a database, a terminal or a header are only signs.",
        (
            "test_cve_2020_11010_members_are_found_by_a_part_of_their_name_or_address",
            "test_cve_2020_7694_whatever_a_client_sends_a_line_stays_one_line",
            "test_cve_2020_7695_one_ends_on_this_site",
            "test_strange_questions_are_harmless",
        ),
    ),
    32: Lesson(
        "One poisoned row breaks no page, no recovery, no index.",
        (
            "test_cve_2024_52815_one_that_fails_for_good_sends_everyone_to_refresh_and_the_channel_goes_on",
            "test_cve_2026_45076_one_damaged_row_breaks_no_page_and_no_list",
            "test_a_damaged_mail_keeps_nobody_else_s_waiting",
            "test_what_cannot_be_indexed_is_logged_retried_a_few_times_and_stops_nobody",
            "test_a_topic_whose_threads_contradict_themselves_is_read_whole",
            "test_a_poisoned_post_keeps_its_whole_topic_out",
        ),
        apart="No row outlives its author: nobody takes their place. The journal’s rows cannot be changed.",
    ),
    33: Lesson(
        "No cell of an exported table is a formula that somebody wrote.",
        (
            "test_nodebb_csv_no_cell_is_a_formula_that_somebody_typed",
            "test_nothing_else_writes_tables_for_a_spreadsheet",
        ),
    ),
}


def written() -> set[str]:
    """The names of all tests."""
    return {name for path in TESTS.rglob("*.py") for name in TEST.findall(path.read_text())}


def unproved(lessons: Mapping[int, Lesson], tests: set[str]) -> list[str]:
    """What is wrong with the register: a lesson without an answer, or with a test that there is not."""
    found = [f"{number}: no row" for number in range(1, COUNT + 1) if number not in lessons]
    for number, lesson in lessons.items():
        if bool(lesson.tests) == bool(lesson.reason):
            found.append(f"{number}: either tests or a reason")
        found += [f"{number}: there is no {name}" for name in lesson.tests if name not in tests]
    return found


def test_each_lesson_is_proved_or_has_a_reason() -> None:
    assert unproved(LESSONS, written()) == []


def test_each_lesson_is_found_by_the_name_of_its_advisory() -> None:
    for number, lesson in LESSONS.items():
        assert lesson.reason or NAMED.match(lesson.tests[0]), number


def test_a_lesson_without_its_test_is_found() -> None:
    tests = written()
    assert unproved({n: lesson for n, lesson in LESSONS.items() if n != 7}, tests) == ["7: no row"]
    assert unproved(LESSONS | {7: Lesson("Nothing.")}, tests) == ["7: either tests or a reason"]
    for number, lesson in LESSONS.items():
        for name in lesson.tests:
            assert f"{number}: there is no {name}" in unproved(LESSONS, tests - {name})
