"""The long topic: a collective survey of what villages ask for their halls, one post a hall.

Every figure follows from the commune's size by the same rules, so that the monthly medians, which are
truly computed from the posts above them, stay believable.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from statistics import median

from forum.demo.content import Post, Topic, crowd

TITLE = "Relevé collectif : tarifs de location de nos salles communales"
POSTS = 500
DAYS = 700
RECAP_EVERY = 40

FIRST = (
    "Saint-Aubrin", "Montverel", "Courtenoy", "Lavergne", "Bussières", "Chanteloube", "Ferrals", "Maizeroy",
    "Noirlac", "Orsennes", "Pontchevron", "Roquebelle", "Saint-Hilaire", "Tavernay", "Villemorin", "Ambreuil",
    "Beaulieu", "Champvert", "Dampierre", "Escoubès", "Fontanges", "Grandrif", "Hautecour", "Jussac",
)  # fmt: skip
SECOND = (
    "sur-Lisse", "le-Vieux", "les-Prés", "en-Orgel", "la-Chapelle", "sous-Bois", "des-Moulins", "d’Amont",
    "le-Château", "sur-Vayre", "l’Abbaye", "en-Plaine", "du-Gué", "les-Ormes", "le-Haut", "la-Forêt",
    "sur-Aigre", "des-Vignes", "la-Rivière", "le-Bourg",
)  # fmt: skip
HALLS = ("salle des fêtes", "foyer rural", "salle polyvalente", "ancienne école", "halle", "salle du conseil")
SHAPES = (
    "**{place}**, {people} hab. : {hall} de {area} m². Habitants {in_} € le week-end, extérieurs {out} €, "
    "caution {deposit} €. {heating} {remark}",
    "Je verse {place} ({people} habitants) : {in_} € pour ceux de la commune, {out} € pour les autres. "
    "{hall_c} de {area} m², caution {deposit} €. {remark} {heating}",
    "Pour {place}, {hall} ({area} m²) :\n\n- habitants : {in_} €\n- extérieurs : {out} €\n"
    "- caution : {deposit} €\n\n{heating} {remark}",
    "{place} : {area} m², {in_} / {out} / {deposit} € (habitants, extérieurs, caution). {remark}",
    "À {place}, {people} âmes, le {hall_of} se loue {in_} € aux habitants et {out} € aux autres. "
    "{heating} {remark}",
)
HEATING = (
    "Chauffage compris.",
    "Supplément de {h} € d’octobre à avril.",
    "Chauffage au compteur, relevé à la remise des clés.",
    "Jetons de chauffage à 2 € l’heure.",
    "Pas de chauffage : louée de mai à septembre.",
)
REMARKS = (
    "Gratuite une fois l’an pour chaque association.",
    "Le ménage non fait est retenu 80 € sur la caution.",
    "La vaisselle est à part : 1 € le couvert complet.",
    "Un état des lieux avec photos a mis fin aux disputes.",
    "Tarif inchangé depuis 2014, le conseil en parle.",
    "Limiteur de bruit coupé à 1 h du matin.",
    "Réservée par les gens du bourg un an à l’avance.",
    "Les agents communaux la paient moitié prix.",
    "Attestation d’assurance exigée, pas de chèque de caution.",
    "Deux tarifs seulement, c’est plus simple.",
    "Les obsèques civiles y sont gratuites.",
    "Le dimanche seul est possible, 60 % du tarif.",
    "La sono est interdite depuis une plainte de 2021.",
    "On demande aussi 50 € d’arrhes.",
    "Les clés sont à l’épicerie.",
    "Cuisine équipée, lave-vaisselle compris.",
    "Accessible, sauf la scène.",
    "La moitié des locations sont des anniversaires.",
    "Elle sert de cantine : rien avant 17 h le vendredi.",
    "Recette de l’an dernier : {income} €.",
    "Le tri des déchets est dans le règlement, et vérifié.",
    "Nous perdons de l’argent sur chaque location d’hiver.",
    "Il y a une liste d’attente pour la Saint-Sylvestre.",
)


@dataclass(frozen=True, slots=True)
class Hall:
    """What one commune asks for one hall, in euros for a week-end."""

    place: str
    people: int
    hall: str
    area: int
    inhabitants: int
    outsiders: int
    deposit: int


def survey(people: list[str]) -> Topic:
    """The topic of 500 posts; always the same."""
    return Topic("energie", "discussion", TITLE, tuple(_posts(people)))


def _posts(people: list[str]) -> Iterator[Post]:
    halls = _halls()
    given: list[Hall] = []
    for number in range(1, POSTS + 1):
        author, text, reply_to = _turn(number, people, halls, given)
        yield Post(author, _age(number), text, reply_to, dict.fromkeys(_voters(people, author, number), 1))


def _turn(
    number: int, people: list[str], halls: Iterator[Hall], given: list[Hall]
) -> tuple[str, str, int | None]:
    """Who writes the post of this number, what, and in answer to which."""
    if number == 1:
        return "farid.bensaid", OPENING, None
    if number % RECAP_EVERY == 0:
        return "farid.bensaid", _recap(given), None
    if number % 23 == 0 and len(given) > 3:
        return _correction(number, people, given)
    hall = next(halls)
    given.append(hall)
    return people[(number * 5 + number // 14) % len(people)], _sentence(number, hall), None


OPENING = """Chaque année, dix d’entre vous me demandent « combien louez-vous la salle des fêtes ? ».
Tenons le relevé ensemble : une salle par message, la vôtre ou celle d’une commune voisine qui vous a donné
ses chiffres.

Dites la commune et sa taille, la surface, le tarif du week-end pour les habitants et pour les autres, la
caution, le chauffage, et **une chose que vous avez apprise**. Je calcule les médianes toutes les quarante
réponses."""


def _halls() -> Iterator[Hall]:
    for n, (second, first) in enumerate(product(SECOND, FIRST)):
        people = 120 + (n * 677) % 4300
        area = 60 + 10 * ((n * 7) % 15) + people // 40
        inhabitants = 5 * round((40 + area * (0.55 + (n % 6) / 20)) / 5)
        outsiders = 10 * round(inhabitants * (1.6 + (n % 7) / 8) / 10)
        deposit = 100 * max(2, round(outsiders * (1.2 + (n % 3) / 2) / 100))
        yield Hall(f"{first}-{second}", people, HALLS[n % len(HALLS)], area, inhabitants, outsiders, deposit)


def _sentence(number: int, hall: Hall) -> str:
    heating = HEATING[number % len(HEATING)].format(h=10 + 5 * (number % 7))
    remark = REMARKS[(number * 3) % len(REMARKS)].format(income=hall.outsiders * (8 + number % 9))
    return (
        SHAPES[number % len(SHAPES)]
        .format(
            place=hall.place, people=_number(hall.people), hall=hall.hall,
            hall_c=hall.hall.capitalize(), hall_of=f"lieu ({hall.hall}, {hall.area} m²)", area=hall.area,
            in_=hall.inhabitants, out=hall.outsiders, deposit=_number(hall.deposit), heating=heating,
            remark=remark,
        )
        .strip()
    )  # fmt: skip


def _number(n: int) -> str:
    return f"{n:,}".replace(",", "\u202f")


def _recap(given: list[Hall]) -> str:
    small = [hall for hall in given if hall.people < 1000]
    large = [hall for hall in given if hall.people >= 1000]
    rows = "\n".join(_recap_row(*row) for row in (("moins de 1 000 hab.", small), ("1 000 et plus", large)))
    return (
        f"Point après {len(given)} salles. Médianes du week-end :\n\n"
        f"| Communes | Salles | Habitants | Extérieurs | Caution |\n|---|---:|---:|---:|---:|\n{rows}\n\n"
        f"La moins chère : {min(given, key=lambda hall: hall.inhabitants).place}. "
        f"La plus grande : {max(given, key=lambda hall: hall.area).place}."
    )


def _recap_row(label: str, halls: list[Hall]) -> str:
    if not halls:
        return f"| {label} | 0 | – | – | – |"
    figures = [round(median(values)) for values in zip(*(
        (hall.inhabitants, hall.outsiders, hall.deposit) for hall in halls
    ), strict=True)]  # fmt: skip
    return f"| {label} | {len(halls)} | {figures[0]} € | {figures[1]} € | {_number(figures[2])} € |"


def _correction(number: int, people: list[str], given: list[Hall]) -> tuple[str, str, int | None]:
    hall = given[-1]
    author = people[(number * 3) % len(people)]
    texts = (
        f"Question sur {hall.place} : les {hall.outsiders} € s’appliquent aussi aux anciens habitants ? "
        "Chez nous, c’est la réclamation la plus fréquente.",
        f"J’ai appelé {hall.place} : le tarif habitants vaut pour ceux qui y paient une taxe foncière. "
        "Cela règle le cas des résidences secondaires.",
        f"{hall.deposit} € de caution pour {hall.area} m², c’est plus que le loyer mensuel d’un studio. "
        "Quelqu’un l’a-t-il déjà encaissée ?",
        f"Merci pour {hall.place}. Même surface que nous, et nous étions {15 + number % 30} € au-dessous : "
        "le conseil aligne en janvier.",
    )
    return author, texts[number % len(texts)], number - 1


def _age(number: int) -> timedelta:
    days = DAYS - DAYS * (number - 1) / POSTS
    return timedelta(days=days, minutes=-((number * 53) % 240))


def _voters(people: list[str], author: str, number: int) -> list[str]:
    return crowd(people, author, (0, 1, 0, 2, 0, 0, 1)[number % 7], number)
