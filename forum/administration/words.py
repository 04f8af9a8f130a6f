"""What the live connections' names and codes mean, in words that one can act upon."""

from forum.i18n import gettext as _


def channel_words(namespace: str) -> str:
    """What the channels of a namespace are heard by; its own name where nothing better is known."""
    known = {
        "topic": _("Pages of topics"),
        "category": _("Lists of a theme"),
        "latest": _("Lists of the latest topics"),
        "user": _("Members’ own alerts"),
    }
    return known.get(namespace, namespace)


def job_words(name: str) -> str:
    """What a job does; one that has no words by its own name."""
    known = {
        "add_up_tags": _("Adds up how many topics carry each tag"),
        "ask_authors": _("Writes to authors of what is to be checked: is it still true?"),
        "ask_reusers": _("Writes to those who did the same, when its author has not answered for a month"),
        "cook_quotes_again": _("Takes the words of hidden posts out of those that quote them"),
        "delete_posts_of": _("Deletes the posts of an account, a few at a time"),
        "erase_accounts": _("Erases the accounts whose time has come"),
        "expire_offers": _("Closes job offers whose last day has passed"),
        "forget_arrivals": _("Forgets arrivals by single sign-on that were not finished"),
        "forget_orphans": _("Deletes files that no post has shown for a day"),
        "read_document": _("Reads the words of a document, for the search"),
        "forget_archives": _("Deletes archives of members’ data that nobody fetched"),
        "forget_hidden_alerts": _("Takes away alerts about what is not open to their reader any more"),
        "forget_invitations": _("Forgets, after a month, invitations that nobody accepted"),
        "forget_mails": _("Forgets, after a month, that a mail was sent or refused"),
        "forget_pending": _("Forgets sign-ins that never came to their second step"),
        "forget_retries": _("Forgets, after a day, by which form or program a post was sent"),
        "forget_sessions": _("Deletes sessions that have come to their end"),
        "forget_signups": _("Deletes sign-ups that nobody confirmed"),
        "leave_no_trace": _("Frees the database’s files of what was erased"),
        "make_archive": _("Makes the archive of a member’s data"),
        "mark_due": _("Marks as to be checked what nobody has confirmed by its date"),
        "move_latecomers": _("Moves what was being written while its organisation was merged into another"),
        "name_topics_of_quotes": _("Gives quotes of posts that were moved their new address"),
        "notify_watchers": _("Tells those who watch a topic of a new post"),
        "recover_posts_of": _("Brings back the posts of an account, a few at a time"),
        "refresh_cards": _("Shows a new name or picture on the pages that carry it"),
        "renew_log": _("Makes another live log: every open page refreshes. For after a restore only"),
        "renew_badges": _("Renews for a year the badges that a mail address proves"),
        "send_mails": _("Sends mails that have just been written"),
        "send_waiting_mails": _("Tries again the mails that wait"),
        "settle_log": _("Notes where the live log is"),
        "show_themes": _("Tells open pages which themes have opened"),
        "tell_peers": _("Tells organisations like that of an asker of a question"),
        "trim_log": _("Drops old live events"),
        "warn_inactive_members": _("Warns the owners of accounts that nobody uses"),
        "write_notices": _("Writes the mails about alerts that were not read"),
    }
    return known.get(name, name)


def end_words(code: int) -> str:
    """Why a connection ended, by its close code (0: the client left)."""
    known = {
        0: _("The page was closed, or the network was cut."),
        3001: _("The site was stopped or renewed; pages come back by themselves."),
        3004: _("A fault of ours; the page comes back by itself."),
        3005: _("The program did not renew its token in time; it comes back with another."),
        3008: _("The reader was too slow for what came; the page comes back and catches up."),
        3010: _("The page had lost its place; it comes back and catches up."),
        3012: _("No sign of life: a computer asleep, a network gone."),
        3013: _("Far too many commands in a short time."),
        3500: _("Signed out, or a key that opens nothing."),
        3501: _("This was not the protocol: a program that speaks another one."),
        3502: _("Connected without ever saying who it was."),
        3503: _("The account was suspended or closed."),
        3504: _("Too many connections of one person or of one address."),
        3505: _("Too many channels on one connection."),
    }
    return known.get(code, _("Another reason."))
