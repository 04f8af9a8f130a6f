"""The demonstration's organisations: invented ones, of which it tells, and real ones, which say nothing."""

from forum.accounts.viewer import Viewer
from forum.demo.content import FOLDER
from forum.organisations.load import load_organisations
from forum.settings.actions import change_setting
from forum.settings.known import ANNOUNCEMENT, DIRECTORY_SOURCE

FILES = ("organisations.csv", "annuaire/organisations.csv")

INVENTED = (
    "Démonstration. Les personnes, leurs échanges, leurs fiches et leurs réutilisations sont inventés, comme"
    " les organisations dont ils parlent. Les autres organisations de l’annuaire existent\u00a0: elles ne"
    " disent rien ici."
)
# As the licences of the sources ask; `content/annuaire/LISEZMOI.md` says more.
SOURCES = (
    "Sources\u00a0: Insee, code officiel géographique et populations de référence\u00a0;"
    " DGCL, liste des EPCI, 2026, réunies par Etalab (decoupage-administratif 6.0.0),"
    " Licence Ouverte 2.0\u00a0; coordonnées\u00a0: GeoNames, CC BY 4.0. Choix de quelque 300 organisations,"
    " noms mis au long. Préfectures, hôpitaux et centres de gestion ajoutés à la main. Treize organisations,"
    " celles dont parle la démonstration, sont inventées."
)


async def load_directory(keeper: Viewer) -> None:
    """Load both files through the command's own path, and say where they come from."""
    for file in FILES:
        await load_organisations((FOLDER / file).read_bytes())
    await change_setting(keeper, ANNOUNCEMENT.name, INVENTED)
    await change_setting(keeper, DIRECTORY_SOURCE.name, SOURCES)
