"""Who answers for the portal, what it lends to others, and how people sign in."""

from dataclasses import dataclass
from pathlib import Path

from inters4.settings import addresses, parsing
from inters4.settings.declared.mail import MailSettings
from inters4.settings.declared.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleSettings(MailSettings):
    """The team and its public, after the messages that they get."""

    contact: str = setting(
        "INTERS4_CONTACT",
        parsing.email,
        "Adresse de l’équipe de courtage, montrée au pied des pages.",
        default="courtage@exemple.invalid",
    )
    licence: str = setting(
        "INTERS4_LICENCE",
        parsing.label,
        "Licence sous laquelle les fiches publiées sont données, comme la page des données "
        "ouvertes l’écrit.",
        default="CC BY 4.0",
    )
    licence_url: str = setting(
        "INTERS4_LICENCE_URL",
        addresses.page,
        "Adresse du texte de cette licence.",
        default="https://creativecommons.org/licenses/by/4.0/deed.fr",
    )
    question_delay_days: int = setting(
        "INTERS4_QUESTION_DELAY_DAYS",
        parsing.whole(1, 60),
        "Délai annoncé à qui pose une question, en jours ouvrables; passé ce délai, la file la "
        "dit en retard.",
        default="5",
    )
    upload_megabytes: int = setting(
        "INTERS4_UPLOAD_MB",
        parsing.whole(1, 100),
        "Taille maximale d’un fichier déposé.",
        default="10",
    )
    second_factor: bool = setting(
        "INTERS4_SECOND_FACTOR",
        parsing.boolean,
        "Exige la validation en deux étapes de l’équipe de courtage, de la coordination et de "
        "l’administration : sans elle, leurs rôles attendent.",
        default="oui",
    )
    sso_issuer: str = setting(
        "INTERS4_SSO_ISSUER",
        addresses.issuer,
        "Fournisseur d’identité OpenID Connect de l’organisation (extra « sso ») : l’adresse "
        "« issuer », en https. Vide : on entre par mot de passe seulement.",
        default="",
    )
    sso_client_id: str = setting(
        "INTERS4_SSO_CLIENT_ID",
        parsing.token,
        "Nom du portail chez ce fournisseur.",
        default="",
    )
    sso_secret: str = setting(
        "INTERS4_SSO_SECRET",
        parsing.text,
        "Secret du portail chez ce fournisseur.",
        default="",
        is_secret=True,
    )
    sso_label: str = setting(
        "INTERS4_SSO_LABEL",
        parsing.label,
        "Ce qui suit « Continuer avec » sur le bouton; vide, « le compte de votre organisation ».",
        default="",
    )
    sso_domains: tuple[str, ...] = setting(
        "INTERS4_SSO_DOMAINS",
        parsing.mail_domains,
        "Domaines de courriel dont le fournisseur répond, ou « * » pour tous; une adresse "
        "d’ailleurs se confirme par courriel, comme sans lui.",
        default="",
    )
    sso_scopes: str = setting(
        "INTERS4_SSO_SCOPES",
        parsing.scopes,
        "Portées demandées au fournisseur.",
        default="openid email profile",
    )
    sso_second_factor: tuple[str, ...] = setting(
        "INTERS4_SSO_SECOND_FACTOR",
        parsing.tokens,
        "Valeurs de « amr » ou « acr » qui prouvent une deuxième étape chez le fournisseur, comme "
        "« mfa »; vide, celle du portail est demandée.",
        default="",
    )
    sso_ca: Path | None = setting(
        "INTERS4_SSO_CA",
        parsing.certificates,
        "Fichier PEM de l’autorité qui signe le certificat du fournisseur, quand elle est propre à "
        "l’organisation.",
        default="",
    )
    legal_form: str = setting(
        "INTERS4_LEGAL_FORM",
        parsing.one_of("public", "corporation"),
        "Ce qu’est l’organisation responsable du portail : « public » (organisme public) ou "
        "« corporation » (entreprise, OBNL); la politique de confidentialité en dépend.",
        default="public",
    )
    privacy_officer: str = setting(
        "INTERS4_PRIVACY_OFFICER",
        parsing.sender_name,
        "Nom et titre de la personne responsable de la protection des renseignements personnels.",
        default="",
    )
    privacy_email: str = setting(
        "INTERS4_PRIVACY_EMAIL",
        parsing.email_or_nothing,
        "Son adresse de courriel; sans elle, INTERS4_CONTACT.",
        default="",
    )
