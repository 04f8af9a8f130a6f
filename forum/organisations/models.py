"""Organisations: the administrations that members work for."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


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
