"""The one module that reads the environment. Every variable starts with `BOUTIQUE_`."""

import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
"""None are in use, and looking for them among all installed packages is 6 ms of every start."""


@dataclass(frozen=True, eq=False)
class Settings:
    """How this process is set up. Defaults are the laptop's: embedded parts below `.boutique/`."""

    platform: str = "embedded"
    """Which adapters: embedded | emulators | cloud."""
    data: Path = Path(".boutique")
    """Where embedded parts keep their files."""
    project: str = "local"
    """The Google Cloud project; part of service accounts' e-mail addresses."""
    firestore: str = ""
    """Where Firestore's emulator listens (host:port); set, it is used on whatever platform."""
    pubsub: str = ""
    """Where Pub/Sub's emulator listens (host:port); set, it is published to on whatever platform."""
    database_prefix: str = "boutique-"
    """What the names of this estate's Firestore databases start with; the service follows."""
    estate: str = "http://127.0.0.1:8080"
    """The address of the whole estate on a laptop: its services are at `<estate>/<service>`."""
    addresses: dict[str, str] = field(default_factory=dict)
    """Where single services are, by name, if not below the estate (`BOUTIQUE_ADDRESS_FRAUD=https://…`)."""
    account: str = "default"
    """The service account whose tokens the metadata server gives this process."""
    account_prefix: str = ""
    """What service accounts' names start with, before the caller's: Google wants six letters."""
    metadata: str = "http://metadata.google.internal"
    """The metadata server that issues identity tokens."""
    issuer: str = "https://accounts.google.com"
    """Who signs the tokens that callers bring."""
    keys: str = "https://www.googleapis.com/oauth2/v3/certs"
    """Where the issuer's public keys are."""
    broker: str = ""
    """Where to publish over HTTP; empty: into the embedded broker's file."""
    bigquery: str = ""
    """Where a BigQuery emulator listens (http://host:port); set, it is the analytical store on whatever platform."""
    dataset: str = "boutique"
    """The BigQuery dataset of the analytical store."""
    shippo: str = "https://api.goshippo.com"
    """Where Shippo's API is."""
    shippo_token: str = field(default="", repr=False)
    """Shippo's API token, for booking carriers; empty: our own fleet."""
    gateway: str = "sandbox"
    """Which payment gateway: sandbox | stripe."""
    stripe: str = "https://api.stripe.com"
    """Where Stripe's API is."""
    stripe_key: str = field(default="", repr=False)
    """The secret key of the account at Stripe; from the platform's secret store."""
    iam_checks_tokens: bool = False
    """Cloud Run's IAM has checked every token before this process sees it, and took the signature away."""
    iap_audience: str = ""
    """Whom the Identity-Aware Proxy's assertions are for, where people sign in by it."""
    storefront: str = "https://www.online-boutique.example"
    """Where customers come back to after their bank has authenticated them."""
    smtp: str = field(default="", repr=False)
    """The mail server, `smtp://user:password@host:port`; empty: the embedded mailbox."""
    twilio_account: str = ""
    """Twilio's account for text messages; empty: embedded telephones."""
    twilio_token: str = field(default="", repr=False)
    twilio_sender: str = ""
    """The number, or the messaging service (`MG…`), that texts come from."""
    firebase_project: str = ""
    """The Firebase project of our apps, for push notifications; empty: embedded telephones."""
    entra_login: str = "https://login.microsoftonline.com"
    """Where Microsoft Entra gives tokens and has its keys."""
    entra_tenant: str = ""
    """The directory at Entra: its tenant id."""
    entra_client: str = ""
    """As which client Entra knows this service's Google account, by a federated credential."""
    entra_scopes: dict[str, str] = field(default_factory=dict)
    """What to ask Entra for, by service that wants its tokens: `BOUTIQUE_ENTRA_SCOPE_FRAUD=<application>/.default`."""
    entra_audience: str = ""
    """For which application at Entra callers' tokens must be, by client id; set, Entra's tokens count and no others."""
    entra_callers: dict[str, str] = field(default_factory=dict)
    """Who calls, by client or object id: `BOUTIQUE_ENTRA_CALLER_CHECKOUT=<id>`, several ids between commas."""
    tables: str = ""
    """Where Azure Table Storage is (https://<account>.table.core.windows.net); set, fraud's history is there."""
    table: str = "history"
    """The table of that history."""
    identity_client: str = ""
    """The client id of this function app's user-assigned identity; empty: the system-assigned one."""
    identity_endpoint: str = ""
    """Where Azure gives this process tokens of its managed identity; Azure sets `IDENTITY_ENDPOINT` itself."""
    identity_header: str = field(default="", repr=False)
    """What proves to that endpoint that this process asks; Azure sets `IDENTITY_HEADER` itself."""
    shadow: dict[str, str] = field(default_factory=dict)
    """Shadow mode: the old services' addresses, by receiver (`BOUTIQUE_SHADOW_KYC=https://…`); empty: off."""
    reconciliation_lag_s: int = 0
    """How long before now reconciliation looks, so that events on their way count on neither side (cloud: 900)."""
    spans: str = ""
    """On a laptop: the folder where every invocation is recorded; empty: nowhere."""
    log_level: str = "WARNING"
    fulfil: str = "manual"
    """On a laptop: manual | auto."""
    supervisor: int = 0
    """On a laptop: the process that started this one, and with which it ends; 0 where there is none."""

    def address(self, service: str) -> str:
        """Return the base URL of a service: where it is called, and the audience of tokens for it."""
        return self.addresses.get(service) or f"{self.estate}/{service}"


def read_settings(environ: dict[str, str]) -> Settings:
    """Read settings from variables; unknown ones are ignored."""
    cloud = environ.get("BOUTIQUE_PLATFORM") == "cloud"
    estate = environ.get("BOUTIQUE_ESTATE", Settings.estate)
    local = (
        {}
        if cloud
        else {"metadata": estate, "issuer": "https://online-boutique.local", "keys": f"{estate}/-/jwks.json"}
    )
    plain = {name: environ.get(f"BOUTIQUE_{name.upper()}") for name in _PLAIN}
    chosen = {**local, **{name: value for name, value in plain.items() if value is not None}}
    return Settings(
        **chosen,
        data=Path(environ.get("BOUTIQUE_DATA", ".boutique")),
        iam_checks_tokens=environ.get("BOUTIQUE_IAM_CHECKS_TOKENS") == "true",
        supervisor=int(environ.get("BOUTIQUE_SUPERVISOR", "0")),
        reconciliation_lag_s=int(environ.get("BOUTIQUE_RECONCILIATION_LAG_S", "900" if cloud else "0")),
        addresses=_named("BOUTIQUE_ADDRESS_", environ),
        shadow={name: url for name, url in _named("BOUTIQUE_SHADOW_", environ).items() if url},
        entra_scopes=_named("BOUTIQUE_ENTRA_SCOPE_", environ),
        entra_callers=_callers(_named("BOUTIQUE_ENTRA_CALLER_", environ)),
        identity_endpoint=environ.get("IDENTITY_ENDPOINT", ""),
        identity_header=environ.get("IDENTITY_HEADER", ""),
    )


def _named(prefix: str, environ: dict[str, str]) -> dict[str, str]:
    """Return what is set one by one, by the name that follows the prefix."""
    return {name.removeprefix(prefix).lower(): value for name, value in environ.items() if name.startswith(prefix)}


def _callers(ids: dict[str, str]) -> dict[str, str]:
    """Return who has which id; ValueError if two callers claim one."""
    pairs = [(each.strip(), name) for name, several in ids.items() for each in several.split(",") if each.strip()]
    if len(dict(pairs)) != len(pairs):
        raise ValueError("an id of BOUTIQUE_ENTRA_CALLER_… is given to two callers")
    return dict(pairs)


_PLAIN = (
    "platform",
    "project",
    "firestore",
    "pubsub",
    "database_prefix",
    "estate",
    "account",
    "account_prefix",
    "metadata",
    "issuer",
    "keys",
    "broker",
    "bigquery",
    "dataset",
    "spans",
    "log_level",
    "fulfil",
    "shippo",
    "shippo_token",
    "gateway",
    "stripe",
    "stripe_key",
    "storefront",
    "smtp",
    "twilio_account",
    "twilio_token",
    "twilio_sender",
    "firebase_project",
    "iap_audience",
    "entra_login",
    "entra_tenant",
    "entra_client",
    "entra_audience",
    "tables",
    "table",
    "identity_client",
)


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return this process's settings, read once."""
    return read_settings(dict(os.environ))


def environment() -> dict[str, str]:
    """Return a copy of this process's variables, for the processes it starts."""
    return dict(os.environ)


def inherit(variables: dict[str, str]) -> None:
    """Set variables that processes started from here take over."""
    os.environ.update(variables)
