"""The pages of the form: the sixteen blocks of a sheet, one a page, and the fields of each."""

from inters4.core.i18n import LazyText, lazy
from inters4.core.values import dataclass
from inters4.practices.models import Block


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page of the form.

    Attributes:
        slug: names it in addresses.
        fields: keys of the front matter, and `Block.field` of long texts, in their order.
    """

    slug: str
    title: LazyText
    intro: LazyText
    fields: tuple[str, ...]


PAGES = (
    FormPage(
        "identite",
        lazy("Identité"),
        lazy("Quelle pratique, qui la porte, où, depuis quand."),
        (
            "title",
            "subtitle",
            "organisations",
            "regions",
            "team",
            "started",
            "started_year",
            "stage",
            "stage_note",
        ),
    ),
    FormPage(
        "en-bref",
        lazy("En bref"),
        lazy("Ce que l’on lit en trente secondes : une phrase pour chaque chose."),
        ("problem", "solution", "result", "result_nature", "audience"),
    ),
    FormPage(
        "contexte",
        lazy("Contexte"),
        lazy("D’où part la pratique, et où en étaient les choses avant elle."),
        (Block.CONTEXT.field, "baselines"),
    ),
    FormPage(
        "pratique",
        lazy("La pratique"),
        lazy("Ce qui est fait, par qui et quand; ce qui change des soins habituels."),
        (Block.DESCRIPTION.field, Block.DIFFERENCE.field),
    ),
    FormPage(
        "resultats",
        lazy("Est-ce que ça marche?"),
        lazy(
            "Ce qui a été mesuré, et comment. Une pratique non évaluée a sa place ici : il suffit "
            "de le dire."
        ),
        (
            "evaluation",
            "evaluation_design",
            Block.EVALUATION.field,
            "outcomes",
            Block.ADVERSE_EFFECTS.field,
            Block.EQUITY.field,
        ),
    ),
    FormPage(
        "cotes",
        lazy("Cotes proposées"),
        lazy(
            "Deux échelles distinctes. Vous proposez; deux personnes de l’extérieur relisent et "
            "cotent à leur tour."
        ),
        ("maturity", "maturity_reason", "evidence_strength", "evidence_reason"),
    ),
    FormPage(
        "ressources",
        lazy("Ressources"),
        lazy("Ce qu’il faut pour la faire; écrivez « inconnu » pour ce que vous ne savez pas."),
        (
            Block.RESOURCES.field,
            "staffing",
            Block.COSTS.field,
            "costs",
            "equipment",
            "training",
            "funding",
        ),
    ),
    FormPage(
        "demarrer",
        lazy("Démarrer"),
        lazy("Ce que ferait une autre équipe pour commencer, et ce qu’elle éviterait."),
        (
            Block.STEPS.field,
            Block.LEADERSHIP.field,
            "success_conditions",
            Block.CONDITIONS.field,
            Block.PITFALLS.field,
        ),
    ),
    FormPage(
        "maintenir",
        lazy("Maintenir"),
        lazy("Ce qui fait durer la pratique."),
        (Block.GOVERNANCE.field, Block.MONITORING.field, Block.SUSTAINABILITY.field),
    ),
    FormPage(
        "ailleurs",
        lazy("Est-ce que ça marcherait ici?"),
        lazy("Ce qu’un autre milieu pèse avant de l’essayer."),
        ("transferability", Block.CORE.field, Block.ADAPTATIONS.field),
    ),
    FormPage(
        "usagers",
        lazy("Usagers et proches"),
        lazy("Leur rôle dans la pratique, et ce qu’ils en disent."),
        (Block.PATIENT_ROLE.field, Block.PATIENT_EXPERIENCE.field),
    ),
    FormPage(
        "adoptants",
        lazy("Adoptants"),
        lazy(
            "Les milieux qu’une source dit l’avoir adoptée. Les équipes qui l’essaient le disent "
            "elles-mêmes sur la fiche."
        ),
        ("adopters",),
    ),
    FormPage(
        "pieces",
        lazy("Pièces"),
        lazy("Les documents qui vont avec la fiche : guides, formulaires, rapports."),
        ("attachments",),
    ),
    FormPage(
        "classement",
        lazy("Classement"),
        lazy("Ce qui la fait trouver. Cochez tout ce qui convient, puis dites le principal."),
        (
            "themes",
            "settings",
            "populations",
            "professions",
            "outcome_types",
            "evidence_types",
            "knowledge_sources",
        ),
    ),
    FormPage(
        "deontologie",
        lazy("Déontologie"),
        lazy("Les intérêts, qui finance, et ce que la fiche ne doit jamais contenir."),
        ("interests", "funders", "no_patient_information"),
    ),
    FormPage(
        "sources",
        lazy("Sources"),
        lazy(
            "Les documents que la fiche cite. Chacun a un numéro : écrivez [1] dans un texte pour "
            "citer la source 1."
        ),
        ("references", Block.DOUBTS.field),
    ),
)
BY_SLUG = {page.slug: page for page in PAGES}
OF_FIELD = {name: page for page in PAGES for name in page.fields}


def after(page: FormPage) -> FormPage | None:
    """The page that follows; None after the last."""
    place = PAGES.index(page) + 1
    return PAGES[place] if place < len(PAGES) else None
