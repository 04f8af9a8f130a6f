"""The settings in words: what each is, what it does, what its values are."""

from forum.i18n import gettext as _


def setting_words(name: str) -> tuple[str, str]:
    """Its label, and the sentence that explains it."""
    return {
        "title": (
            _("Name of the site"),
            _("It stands at the head of each page, in the titles of pages and in mails."),
        ),
        "controller": (
            _("Who answers for the site"),
            _("The administration or association, by its full name: members read it beside the charter."),
        ),
        "contact": (
            _("Contact address"),
            _("Where people write to whoever looks after the site. Everyone sees it; empty, there is none."),
        ),
        "announcement": (
            _("Announcement"),
            _("A sentence or two above the list of topics, for everyone; empty, there is none."),
        ),
        "directory_source": (
            _("Where the directory comes from"),
            _("Its sources, their dates and licences: they stand at the foot of the directory’s pages."),
        ),
        "charter": (
            _("Charter"),
            _("What members agree to, in Markdown. Empty, it is the one that the site comes with."),
        ),
        "search_synonyms": (
            _("Other words for the same thing, for the search"),
            _("One group a line, commas between the words: whoever types one finds the others too."),
        ),
        "erasure_days": (
            _("Days before an account is erased"),
            _("From the moment when a member asks for it. Signing in meanwhile calls it off."),
        ),
        "inactive_months": (
            _("Months after which an unused account is erased"),
            _("Its owner is warned by mail a month and a week before. Staff accounts stay."),
        ),
        "peer_requests": (
            _("Questions a week that a member puts to their peers"),
            _("To organisations like theirs that follow the theme; from 1 to 50."),
        ),
        "peer_requests_of_organisation": (
            _("Questions a week that one organisation puts to its peers"),
            _("All its members together; from 1 to 200."),
        ),
        **_words_of_entry(),
        **_words_of_uploads(),
    }[name]


def _words_of_entry() -> dict[str, tuple[str, str]]:
    return {
        "sign_up": (
            _("Who may create an account"),
            _(
                "Takes effect at once, also for those who have not confirmed their account yet. Where staff "
                "let people in, whoever signs up says in a few words who they are; moderators and "
                "administrators find these requests under “To review”, and can still decide them once the "
                "rule is another one."
            ),
        ),
        "sign_up_domains": (
            _("Mail domains that may create an account"),
            _("With spaces between them. Each counts whole: mairie.fr does not let x.mairie.fr in."),
        ),
        "sign_up_by_provider": (
            _("Accounts of people whom the identity provider vouches for"),
            _(
                "Only where one is configured (RELAIS_OIDC_ISSUER). Where staff let people in, these need "
                "not wait: the provider says who they are."
            ),
        ),
        "staff_second_factor": (
            _("Second factor of moderators and administrators"),
            _(
                "An app’s code, a passkey or a security key. Whoever of them has none is a member like any "
                "other until they do."
            ),
        ),
        "first_posts_reviewed": (
            _("First posts that wait for approval"),
            _("How many posts of a new member staff look at before others can read them; 0 for none."),
        ),
        "sign_ups_an_hour": (
            _("Accounts that one network may ask for in an hour"),
            _("Raise it before a training where many sign up from the same place; from 1 to 2,000."),
        ),
        "posts_in_ten_minutes": (
            _("Posts that a member may write in ten minutes"),
            _("Topics and replies together; whoever wants more is asked to wait. From 2 to 500."),
        ),
        "invitations": (
            _("Who may invite"),
            _("An invitation makes one account, at one address, whatever the rule above but “nobody”."),
        ),
        "invitation_days": (
            _("Days for which an invitation is open"),
            _("From 1 to 90; it holds for invitations that are sent from now on."),
        ),
    }


def _words_of_uploads() -> dict[str, tuple[str, str]]:
    return {
        "upload_megabytes": (
            _("Megabytes of a file"),
            _("How heavy a picture or a document in a post may be, from 1 to 20."),
        ),
        "uploads_per_post": (
            _("Files of a post"),
            _("How many pictures and documents a post may show, from 0 to 50."),
        ),
        "upload_quota_megabytes": (
            _("Megabytes of a member"),
            _("How much all the files of one member may weigh together."),
        ),
    }


def choice_words(value: str) -> str:
    """One of the values of a setting that has only some."""
    return {
        "open": _("Everyone who confirms their address"),
        "domains": _("Whoever has an address in one of the domains below"),
        "approval": _("Whoever a moderator or an administrator lets in"),
        "invitation": _("Whoever is invited"),
        "staff": _("Moderators and administrators"),
        "members": _("Every member"),
        "closed": _("Nobody: accounts are made on the machine"),
        "required": _("Required: without it their rights wait"),
        "optional": _("Left to each of them"),
        "rules": _("Follow the rules above"),
        "always": _("Are always allowed"),
    }[value]
