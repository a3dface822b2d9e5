"""All demos by topic: what each shows, what it needs, how many questions it answers. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from quiz.demos.model import Demo, Variant
from quiz.demos.system_programs import PROGRAMS
from quiz.packs.catalog import Catalog
from quiz.questions.demo_ref import DemoRef
from quiz.questions.placeholders import number
from quiz.runs.libraries import NEEDS_BROKER
from quiz.web.components.runs.requirements import Requirements
from quiz.web.components.wording import plural

USUAL = "current"


@dataclass(frozen=True, slots=True)
class VariantLink:
    href: str
    title: str
    needs: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A demo. `needs` are phrases: duration, a broker, a program, other environments."""

    href: str
    title: str
    summary: str
    variants: list[VariantLink]
    needs: list[str]
    questions: str

    @property
    def missing(self) -> list[str]:
        """Messages about what this machine lacks, each with a command."""
        return list(dict.fromkeys(v.needs for v in self.variants if v.needs))


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    title: str
    demos: list[Entry]


def topics(catalog: Catalog, required: Callable[[Demo], Requirements]) -> list[Topic]:
    """Topics in the order of the packs, then topics that no pack names."""
    titles = {
        topic.slug: topic.title for pack in catalog.packs.values() for topic in pack.topics.values()
    }
    by_topic: dict[str, list[Demo]] = {}
    for demo in catalog.demos.values():
        by_topic.setdefault(demo.topic, []).append(demo)
    named = [slug for slug in titles if slug in by_topic]
    others = [slug for slug in by_topic if slug not in titles]
    return [
        Topic(
            slug,
            titles.get(slug) or readable(slug),
            [_entry(catalog, demo, required(demo)) for demo in by_topic[slug]],
        )
        for slug in named + others
    ]


def readable(slug: str) -> str:
    """ "how-to-read-a-timeline" as a heading."""
    words = slug.replace("-", " ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _entry(catalog: Catalog, demo: Demo, required: Requirements) -> Entry:
    asked = [q for p in catalog.packs.values() for q in p.questions if q.demo]
    about = sum(q.demo is not None and q.demo.name == demo.name for q in asked)
    return Entry(
        f"/demos/{demo.name}",
        demo.title,
        demo.summary,
        [_variant(demo, variant, required) for variant in demo.variants.values()],
        list(_needed(demo)),
        plural(about, "question") if about else "no question yet",
    )


def _variant(demo: Demo, variant: Variant, required: Requirements) -> VariantLink:
    href = DemoRef(name=demo.name, variant=variant.name).href
    return VariantLink(href, variant.title, required.of(variant, variant.environments[0]))


def _needed(demo: Demo) -> Iterator[str]:
    variants = list(demo.variants.values())
    yield _time([variant.takes for variant in variants])
    if some := [v for v in variants if NEEDS_BROKER.intersection(demo.imports(v.name))]:
        yield "a broker" + _of(some, variants)
    for name in dict.fromkeys(name for variant in variants for name in variant.needs):
        some = [variant for variant in variants if name in variant.needs]
        yield PROGRAMS[name].title + _of(some, variants)
    names = dict.fromkeys(name for variant in variants for name in variant.environments)
    if others := [name for name in names if name != USUAL]:
        yield f"{'environment' if len(others) == 1 else 'environments'} {', '.join(others)}"


def _of(some: list[Variant], variants: list[Variant]) -> str:
    return "" if len(some) == len(variants) else " for some"


def _time(seconds: list[float]) -> str:
    """ "about 0.2 to 13 s": the shortest and the longest run."""
    least, most = _round(min(seconds)), _round(max(seconds))
    return f"about {most} s" if least == most else f"about {least} to {most} s"


def _round(value: float) -> str:
    return number(round(value, 1) if value < 1 else round(value))
