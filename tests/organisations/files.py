"""Files of organisations, and the directory of the tests."""

from forum.organisations.load import Loaded, load_organisations

HEADER = (
    "siren,kind,name,population,department,region,insee,group_siren,latitude,longitude,site,domains,email"
)
# Invented places; the SIRENs are only well formed.
VALLEY = """
200000008,epci,CC du Val d'Orselle,9000,98,99,,,46.00,3.00,,orselle.example,contact@orselle.example
210000006,commune,Saint-Loup-sur-Vouvre,812,98,99,98001,200000008,46.00,3.00,https://saint-loup.example,saint-loup.example,mairie@saint-loup.example
210000014,commune,Bézac-le-Vieux,640,98,99,98002,200000008,46.10,3.10,,,mairie-bezac@wanadoo.example
210000022,commune,Ormoy-le-Petit,905,98,99,98003,200000008,,,,,
210000030,commune,Étrigny,790,98,99,98004,,46.40,3.00,,,
,departement,Département de la Vouvre,,98,99,98,,,,,vouvre.example,
"""


def a_file(*lines: str) -> bytes:
    """A file of these lines."""
    return "\n".join((HEADER, *lines)).encode()


async def the_valley() -> Loaded:
    """Six organisations: an intermunicipal body, four communes, a département."""
    return await load_organisations(a_file(*VALLEY.strip().splitlines()))
