"""The program of the identity provider that tests run: Canaille, filled with people and clients.

Run as `python provider_process.py PORT CALLBACK…` in a process of its own, in a folder with its `key.json`.
The provider is Canaille as it comes; it is only told of ProConnect's claims, by which it does not name
anything by itself.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path

from asgiref.wsgi import WsgiToAsgi
from canaille import create_app
from canaille.app import models
from canaille.backends import Backend
from canaille.oidc.userinfo import UserInfo
from hypercorn.asyncio import serve
from hypercorn.config import Config

# ProConnect's scopes, and the fields of Canaille's people that answer them.
PROCONNECT = {
    "siret": "{{ user.employee_number or '' }}",
    "organizational_unit": "{{ user.department or '' }}",
    "usual_name": "{{ user.family_name or '' }}",
    "uid": "{{ user.user_name }}",
}
PEOPLE = (
    (
        "camille",
        "Camille",
        "Durand",
        "camille@prefecture.example.org",
        "13002526500013",
        "Bureau des élections",
    ),
    ("bob", "Bob", "Martin", "bob@example.org", "21690123100011", "Restauration"),
    ("dominique", "Dominique", "Petit", "dominique@example.org", "", ""),
)
SECRET = "the secret of a client of the tests"


def settings(port: int) -> dict[str, object]:
    key = json.loads(Path("key.json").read_text())
    return {
        "SECRET_KEY": "the provider's own secret, of the tests",
        "SERVER_NAME": f"localhost:{port}",
        "PREFERRED_URL_SCHEME": "http",
        "CANAILLE": {
            "DATABASE": "memory",
            "LANGUAGE": "en",
            "JAVASCRIPT": False,
            "HTMX": False,
            "SMTP": None,
        },
        # Trusted clients are let in without a question: people are to be asked here.
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [key], "TRUSTED_DOMAINS": []},
    }


def know_proconnect(app: object) -> None:
    """Name ProConnect's claims, each under a scope of its own name."""
    UserInfo.REGISTERED_CLAIMS = [*UserInfo.REGISTERED_CLAIMS, *PROCONNECT, "email_verified"]
    claims = {name: [name] for name in (*PROCONNECT, "given_name")}
    UserInfo.SCOPES_CLAIMS_MAPPING = {**UserInfo.SCOPES_CLAIMS_MAPPING, **claims}
    mapping = app.config["CANAILLE_OIDC"]["USERINFO_MAPPING"]  # type: ignore[attr-defined]
    mapping.update({name.upper(): template for name, template in PROCONNECT.items()})


def fill(callbacks: list[str]) -> None:
    for name, first, last, email, siret, unit in PEOPLE:
        person = models.User(
            user_name=name,
            given_name=first,
            family_name=last,
            formatted_name=f"{first} {last}",
            emails=[email],
            employee_number=siret,
            department=unit,
            password="a door between two offices",
        )
        Backend.instance.save(person)
    scope = ["openid", "given_name", "usual_name", "email", "siret", "organizational_unit", "uid"]
    clients = {"relais": {}, "relais-signed": {"userinfo_signed_response_alg": "RS256"}, "relais-refused": {}}
    for client_id, extra in clients.items():
        client = models.Client(
            client_id=client_id,
            client_secret=SECRET,
            client_name="Relais",
            client_uri="https://relais.example.org",
            redirect_uris=callbacks,
            post_logout_redirect_uris=[url.replace("oidc/callback", "signed-out") for url in callbacks],
            scope=scope,
            response_types=["code"],
            grant_types=["authorization_code"],
            token_endpoint_auth_method="client_secret_basic",
            **extra,
        )
        Backend.instance.save(client)
        client.audience = [client]
        Backend.instance.save(client)


async def main(port: int, callbacks: list[str]) -> None:
    app = create_app(config=settings(port))
    know_proconnect(app)
    with app.app_context(), Backend.instance.session():
        fill(callbacks)
    config = Config()
    config.bind = [f"127.0.0.1:{port}"]
    await serve(WsgiToAsgi(app), config, shutdown_trigger=asyncio.Event().wait)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(main(int(sys.argv[1]), sys.argv[2:]))
