"""A provider of identities, asked and answered over the loopback; it misbehaves in every way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import parse_qsl, urlsplit

import pytest

from inters4.core.clock import now
from inters4.core.oidc import Claims, ProviderAway, SignOnRefused
from inters4.core.oidc.client import Client
from inters4.settings import Settings
from tests.builders.oidc_provider import CLIENT_ID, CLIENT_SECRET, Person, Provider

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

BACK = "http://127.0.0.1:8000/connexion/organisation/retour"
NONCE, VERIFIER = "n" * 43, "v" * 43


@pytest.fixture
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.close()


@pytest.fixture
def client(provider: Provider, tmp_path) -> Client:  # type: ignore[no-untyped-def]
    return Client(settings_for(provider, str(tmp_path)))


def settings_for(provider: Provider, data: str) -> Settings:
    return Settings.from_env(
        {
            "INTERS4_DATA_DIR": data,
            "INTERS4_SSO_ISSUER": provider.issuer,
            "INTERS4_SSO_CLIENT_ID": CLIENT_ID,
            "INTERS4_SSO_SECRET": CLIENT_SECRET,
        }
    )


def come_back(client: Client, *, again: bool = False) -> dict[str, str]:
    """Go to the provider as a browser does; what the address of the way back holds."""
    address = client.address(
        redirect_to=BACK, state="etat", nonce=NONCE, verifier=VERIFIER, again=again
    )
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port)
    connection.request("GET", f"{parts.path}?{parts.query}")
    place = connection.getresponse().headers["Location"]
    connection.close()
    assert place.startswith(f"{BACK}?")
    return dict(parse_qsl(urlsplit(place).query))


def claims_of(client: Client, answer: dict[str, str] | None = None, **changed: str) -> Claims:
    asked = {"redirect_to": BACK, "nonce": NONCE, "verifier": VERIFIER, **changed}
    return client.claims(answer or come_back(client), begun_at=now(), **asked)


def test_who_comes_back_is_whom_the_provider_names(client: Client, provider: Provider) -> None:
    claims = claims_of(client)

    assert (claims.issuer, claims.subject) == (provider.issuer, "u-1")
    assert (claims.email, claims.is_email_verified) == ("ariane@exemple.ca", True)
    assert claims.name == "Ariane Essai"


def test_an_elliptic_signature_is_as_good(client: Client, provider: Provider) -> None:
    provider.sign_with_ec()

    assert claims_of(client).subject == "u-1"


def test_a_key_without_a_name_serves_when_one_alone_fits(
    client: Client, provider: Provider
) -> None:
    provider.faults = {"no_kid"}

    assert claims_of(client).subject == "u-1"


def test_the_secret_goes_in_the_form_of_a_provider_that_takes_no_other(
    client: Client, provider: Provider
) -> None:
    provider.faults = {"posted_secret"}

    assert claims_of(client).subject == "u-1"
    assert dict(provider.asked)["/token"]["client_secret"] == CLIENT_SECRET


def test_what_the_token_leaves_out_is_asked_elsewhere(client: Client, provider: Provider) -> None:
    provider.faults = {"claims_elsewhere"}

    assert claims_of(client).email == "ariane@exemple.ca"

    provider.faults.add("userinfo_of_another")
    with pytest.raises(SignOnRefused) as caught:
        claims_of(client)
    assert caught.value.reason == "userinfo_sub"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("nonce", "claim_nonce"),
        ("no_nonce", "claims"),
        ("aud", "claim_aud"),
        ("two_auds", "claims"),
        ("azp", "claim_azp"),
        ("iss", "claim_iss"),
        ("expired", "expired"),
        ("future", "claim_iat"),
        ("old", "claim_iat"),
        ("huge_iat", "claim_iat"),
        ("nan_exp", "claim_exp"),
        ("empty_sub", "claim_sub"),
        ("odd_sub", "claim_sub"),
        ("at_hash", "claim_at_hash"),
        ("odd_auth_time", "claim_auth_time"),
        ("alg_none", "algorithm"),
        ("alg_hs256", "algorithm"),
        ("altered", "signature"),
        ("other_key", "signature"),
        ("unknown_key", "key"),
        ("names_another", "answer_issuer"),
        ("cancel", "access_denied"),
        ("other_issuer", "issuer"),
        ("plain_endpoint", "insecure_endpoint"),
    ],
)
def test_an_answer_that_is_not_for_us_now_opens_nothing(
    client: Client, provider: Provider, fault: str, reason: str
) -> None:
    provider.faults = {fault}

    with pytest.raises(SignOnRefused) as caught:
        claims_of(client)

    assert caught.value.reason == reason
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("down:openid-configuration", "status_503"),
        ("down:keys", "status_503"),
        ("down:token", "status_503"),
        ("not_json:openid-configuration", "not_json"),
        ("not_json:keys", "not_json"),
        ("not_json:token", "not_json"),
        ("array:keys", "not_json"),
        ("deep:token", "not_json"),
        ("huge:openid-configuration", "too_large"),
        ("huge:keys", "too_large"),
        ("huge:token", "too_large"),
        ("redirect:openid-configuration", "redirected"),
        ("redirect:token", "redirected"),
        ("empty:keys", "keys"),
        ("no_endpoint", "metadata"),
        ("overloaded", "temporarily_unavailable"),
    ],
)
def test_a_provider_that_is_ill_is_said_to_be_away(
    client: Client, provider: Provider, fault: str, reason: str
) -> None:
    provider.faults = {fault}

    with pytest.raises(ProviderAway) as caught:
        claims_of(client)

    assert caught.value.reason == reason
    assert "ne répond pas" in caught.value.message


def test_a_slow_provider_is_not_waited_for(provider: Provider, tmp_path) -> None:  # type: ignore[no-untyped-def]
    provider.faults = {"slow:openid-configuration"}
    client = Client(settings_for(provider, str(tmp_path)), patience=0.2)

    with pytest.raises(ProviderAway) as caught:
        claims_of(client)

    assert caught.value.reason == "unreachable"


def test_one_that_was_away_is_not_asked_again_at_once(client: Client, provider: Provider) -> None:
    provider.faults = {"down:openid-configuration"}
    for _time in range(3):
        with pytest.raises(ProviderAway):
            claims_of(client)

    assert provider.count("/.well-known/openid-configuration") == 1


def test_what_it_says_of_itself_is_read_once(client: Client, provider: Provider) -> None:
    for _time in range(3):
        claims_of(client)

    assert provider.count("/.well-known/openid-configuration") == 1
    assert provider.count("/keys") == 1


def test_its_keys_may_change_at_any_time(client: Client, provider: Provider) -> None:
    claims_of(client)
    provider.rotate()

    assert claims_of(client).subject == "u-1"
    assert provider.count("/keys") == 2


def test_unknown_keys_do_not_make_us_ask_for_ever(client: Client, provider: Provider) -> None:
    provider.faults = {"unknown_key"}
    for _time in range(4):
        with pytest.raises(SignOnRefused):
            claims_of(client)

    assert provider.count("/keys") == 2


def test_a_code_serves_once(client: Client) -> None:
    answer = come_back(client)
    claims_of(client, answer)

    with pytest.raises(SignOnRefused) as caught:
        claims_of(client, answer)

    assert caught.value.reason == "code_refused"


def test_a_code_without_its_verifier_is_worth_nothing(client: Client) -> None:
    with pytest.raises(SignOnRefused) as caught:
        claims_of(client, verifier="w" * 43)

    assert caught.value.reason == "code_refused"


@pytest.mark.parametrize("answer", [{"state": "x"}, {"code": ""}, {"code": "x" * 5_000}])
def test_an_answer_without_a_code_is_refused(client: Client, answer: dict[str, str]) -> None:
    with pytest.raises(SignOnRefused) as caught:
        claims_of(client, answer)

    assert caught.value.reason == "no_code"


def test_a_provider_that_names_itself_must_do_so(client: Client, provider: Provider) -> None:
    provider.faults = {"names_itself"}
    answer = come_back(client)
    assert claims_of(client, dict(answer)).subject == "u-1"
    again = come_back(client)
    del again["iss"]

    with pytest.raises(SignOnRefused) as caught:
        claims_of(client, again)

    assert caught.value.reason == "answer_issuer"


def test_the_address_shows_neither_the_secret_nor_the_verifier(client: Client) -> None:
    address = client.address(redirect_to=BACK, state="etat", nonce=NONCE, verifier=VERIFIER)

    asked = dict(parse_qsl(urlsplit(address).query))
    assert VERIFIER not in address
    assert "secret" not in address
    assert asked["scope"] == "openid email profile"
    assert asked["code_challenge_method"] == "S256"


def test_a_fresh_proof_says_when_it_was_given(client: Client, provider: Provider) -> None:
    begun = now()
    fresh = claims_of(client, come_back(client, again=True))
    provider.faults = {"stale_proof"}
    stale = claims_of(client, come_back(client, again=True))
    silent = claims_of(client)

    asked = dict(provider.asked)["/authorize"]
    assert fresh.is_fresh(begun)
    assert not stale.is_fresh(begun)
    assert not silent.is_fresh(begun)
    assert "prompt" not in asked


def test_odd_claims_are_read_as_nothing(client: Client, provider: Provider) -> None:
    provider.person = Person(
        claims={
            "email": {"a": 1},
            "email_verified": "yes",
            "name": "Ariane\u202eessai",
            "given_name": " Ariane ",
            "family_name": "Essai",
            "acr": 3,
            "amr": ["pwd", 4, "mfa"],
        }
    )

    claims = claims_of(client)

    assert (claims.email, claims.is_email_verified) == ("", False)
    assert claims.name == "Ariane Essai"
    assert claims.methods == {"pwd", "mfa"}


def test_a_provider_elsewhere_than_said_is_asked_nothing(provider: Provider, tmp_path) -> None:  # type: ignore[no-untyped-def]
    settings = settings_for(provider, str(tmp_path))
    elsewhere = replace(settings, sso_issuer=f"http://127.0.0.1:{provider.port}/autre")

    with pytest.raises(ProviderAway):
        claims_of(Client(elsewhere))


def test_freshness_forgives_a_minute(client: Client, provider: Provider) -> None:
    provider.extra = {"auth_time": int((now() - timedelta(seconds=40)).timestamp())}

    assert claims_of(client).is_fresh(now())


def test_an_address_and_its_being_checked_come_from_one_document(
    client: Client, provider: Provider
) -> None:
    provider.faults = {"claims_elsewhere"}
    provider.extra = {"email_verified": True}
    provider.person = Person(claims={"email": "ariane@exemple.ca"})

    assert not claims_of(client).is_email_verified


@pytest.mark.parametrize(
    ("said", "is_verified"),
    [(True, True), ("true", True), (1, False), ("1", False), ("True", False), ([True], False)],
)
def test_only_a_plain_yes_says_that_an_address_was_checked(
    client: Client, provider: Provider, said: object, *, is_verified: bool
) -> None:
    provider.person = Person(claims={"email": "ariane@exemple.ca", "email_verified": said})

    assert claims_of(client).is_email_verified is is_verified
