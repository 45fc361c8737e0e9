"""How messages leave, in whose name, and how fast."""

from dataclasses import dataclass
from pathlib import Path

from inters4.settings import dkim, parsing
from inters4.settings.choices import MailTransport, SmtpSecurity
from inters4.settings.declared.serving import ServingSettings
from inters4.settings.declared.setting import setting


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings(ServingSettings):
    """Messages, after the machine that sends them."""

    mail: MailTransport = setting(
        "INTERS4_MAIL",
        parsing.choice(MailTransport),
        "Transport des courriels : « maildir » (dossier DONNÉES/courriels), « smtp » ou "
        "« memory » (essais).",
        default="maildir",
    )
    mail_from: str = setting(
        "INTERS4_MAIL_FROM",
        parsing.email,
        "Adresse d’expédition.",
        default="inters4@exemple.invalid",
    )
    mail_sender: str = setting(
        "INTERS4_MAIL_SENDER", parsing.sender_name, "Nom d’expédition.", default="InterS4"
    )
    smtp_host: str = setting(
        "INTERS4_SMTP_HOST", parsing.host, "Relais de courriel.", default="localhost"
    )
    smtp_port: int = setting(
        "INTERS4_SMTP_PORT", parsing.whole(1, 65535), "Port du relais.", default="587"
    )
    smtp_security: SmtpSecurity = setting(
        "INTERS4_SMTP_SECURITY",
        parsing.choice(SmtpSecurity),
        "Protection du relais : « starttls », « tls » ou « none ».",
        default="starttls",
    )
    smtp_user: str = setting(
        "INTERS4_SMTP_USER", parsing.text, "Compte auprès du relais, au besoin.", default=""
    )
    smtp_password: str = setting(
        "INTERS4_SMTP_PASSWORD",
        parsing.text,
        "Mot de passe auprès du relais.",
        default="",
        is_secret=True,
    )
    smtp_ca: Path | None = setting(
        "INTERS4_SMTP_CA",
        parsing.certificates,
        "Fichier PEM de l’autorité qui signe le certificat du relais, quand elle est propre à "
        "l’organisation.",
        default="",
    )
    returns: str = setting(
        "INTERS4_RETURNS",
        parsing.email_or_nothing,
        "Boîte où reviennent les infolettres non remises; ce qui suit un « + » y nomme le message. "
        "Vide : elles reviennent à l’adresse d’expédition, et rien n’est lu.",
        default="",
    )
    send_rate: int = setting(
        "INTERS4_SEND_RATE",
        parsing.whole(0, 10_000),
        "Infolettres par seconde, au plus, tous processus ensemble; 0 sans limite.",
        default="20",
    )
    send_domain_rate: int = setting(
        "INTERS4_SEND_DOMAIN_RATE",
        parsing.whole(0, 10_000),
        "Infolettres par seconde vers un même domaine, au plus, tous processus ensemble; 0 sans "
        "limite.",
        default="10",
    )
    release_alone: bool = setting(
        "INTERS4_RELEASE_ALONE",
        parsing.boolean,
        "Permet à la coordination de libérer seule, avec une raison écrite au journal et au bilan, "
        "un numéro d’infolettre que personne n’approuve; jamais à qui l’a écrit.",
        default="non",
    )
    dkim_key: Path | None = setting(
        "INTERS4_DKIM_KEY",
        dkim.private_key,
        "Fichier PEM de la clé RSA qui signe les courriels (DKIM), fermé aux autres comptes; vide, "
        "le relais signe ou personne.",
        default="",
    )
    dkim_selector: str = setting(
        "INTERS4_DKIM_SELECTOR",
        dkim.name,
        "Sélecteur sous lequel cette clé est publiée.",
        default="",
    )
    dkim_domain: str = setting(
        "INTERS4_DKIM_DOMAIN",
        dkim.name,
        "Domaine qui signe; vide, celui de INTERS4_MAIL_FROM.",
        default="",
    )
