"""Organisations, who belongs to them, and how that was verified."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from forum.accounts.models import User


class OrganisationKind(StrEnum):
    """What an organisation is: the words of the files that are loaded."""

    COMMUNE = "commune"
    EPCI = "epci"
    DEPARTEMENT = "departement"
    REGION = "region"
    STATE_SERVICE = "service_etat"
    PUBLIC_BODY = "etablissement_public"
    HOSPITAL = "hopital"
    OTHER = "autre"


class VerifiedBy(StrEnum):
    """How it became sure that somebody works there."""

    DOMAIN = "domain"
    CODE = "code"
    VOUCHING = "vouching"
    SIREN = "siren"


class Organisation(Model):
    """An administration. Known by its SIREN, else by its kind and code (INSEE's, for instance).

    `name_key` is the name as it is searched: small letters, without accents. `group_siren` is the EPCI's of
    a commune. `domains` are those of its own mail, with spaces between them; `email` is its official
    address. `merged_into_id` is the organisation in which this one has gone.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=30)
    siren = fields.CharField(max_length=9, null=True, unique=True)
    code = fields.CharField(max_length=20, default="")
    name = fields.CharField(max_length=200)
    name_key = fields.CharField(max_length=200)
    slug = fields.CharField(max_length=120, unique=True)
    population = fields.IntField(null=True)
    department = fields.CharField(max_length=3, default="")
    region = fields.CharField(max_length=3, default="")
    group_siren = fields.CharField(max_length=9, default="")
    latitude = fields.FloatField(null=True)
    longitude = fields.FloatField(null=True)
    site = fields.CharField(max_length=300, default="")
    domains = fields.CharField(max_length=500, default="")
    email = fields.CharField(max_length=254, default="")
    merged_into_id = fields.IntField(null=True)
    updated_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "organisations"
        indexes = (("kind", "code"), ("name_key", "id"), ("group_siren",), ("department", "kind"))


class OrganisationMember(Model):
    """What somebody does in an organisation, `main` being the one that their posts are signed with."""

    id = fields.IntField(primary_key=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "forum.Organisation", related_name="organisation_members"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="organisation_members", db_index=True
    )
    function = fields.CharField(max_length=160, default="")
    main = fields.BooleanField(default=False)
    verified_by = fields.CharField(max_length=20, default="")
    verified_until = fields.DatetimeField(null=True, db_index=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "organisation_members"
        unique_together = (("organisation", "user"),)


class OrganisationCode(Model):
    """The last code sent to an organisation's official address for a member, and how often it was missed.

    It outlives the membership: whoever leaves and comes back has no more tries for it.
    """

    id = fields.IntField(primary_key=True)
    organisation: fields.ForeignKeyRelation[Organisation] = fields.ForeignKeyField(
        "forum.Organisation", related_name="organisation_codes"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="organisation_codes", db_index=True
    )
    code_hash = fields.CharField(max_length=64)
    attempts = fields.IntField(default=0)
    sent_at = fields.DatetimeField()

    class Meta:
        table = "organisation_codes"
        unique_together = (("organisation", "user"),)


class OrganisationVouch(Model):
    """A verified colleague's word that a member works there."""

    id = fields.IntField(primary_key=True)
    membership: fields.ForeignKeyRelation[OrganisationMember] = fields.ForeignKeyField(
        "forum.OrganisationMember", related_name="vouches"
    )
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "forum.User", related_name="given_vouches", db_index=True
    )
    created_at = fields.DatetimeField()

    class Meta:
        table = "organisation_vouches"
        unique_together = (("membership", "user"),)
