"""A message that a person sends from their own program: nobody is named, nothing is added."""

from email import message_from_bytes, policy

import pytest

from inters4.core.mail.compose import UnsafeFieldError
from inters4.core.mail.drafts import unaddressed
from inters4.core.mail.render import Rendered

MADE = Rendered("L’été à domicile", text="Bonjour été\n", html="<p>Bonjour été</p>")


def test_a_draft_names_nobody_and_holds_both_parts() -> None:
    data = unaddressed(MADE, sender="equipe@exemple.ca", sender_name="L’équipe", locale="fr")

    read = message_from_bytes(data, policy=policy.default)
    assert read.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in read.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert "été" in read.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert read["Subject"] == "L’été à domicile"
    assert read["From"].addresses[0].addr_spec == "equipe@exemple.ca"
    assert read["X-Unsent"] == "1"
    assert {"To", "Cc", "Bcc", "Message-ID", "Date", "List-Unsubscribe"}.isdisjoint(read.keys())


@pytest.mark.parametrize(
    ("sender", "name"), [("equipe@exemple.ca", "A\r\nBcc: x@y.ca"), ("a@b.ca\r\nTo: c@d.ca", "A")]
)
def test_no_field_of_a_draft_adds_a_header(sender: str, name: str) -> None:
    with pytest.raises(UnsafeFieldError):
        unaddressed(MADE, sender=sender, sender_name=name, locale="fr")
