"""Types of the fields in a pack's file. Each type says how the loader must treat its value.

A kind declares its fields with these types, and needs no entry elsewhere. Knows no files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from quiz.documents.yaml_document import Fault


class FieldRole(Enum):
    TEMPLATE = "Markdown in which {name} stands for a parameter's value"
    FUNCTION = "name of a function in the demo's files"


@dataclass(frozen=True)
class ListedIn:
    """Marks a field whose value must be a key of this field of the pack, if the pack has it."""

    pack_field: str


class PackModel(BaseModel):
    """Base of all that a pack's file contains: immutable, without unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Slug = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Small letters, digits and hyphens."),
]
Link = Annotated[str, Field(pattern=r"^https?://\S+$", description="A whole address, https://…")]
Text = Annotated[str, Field(min_length=1), FieldRole.TEMPLATE]
Function = Annotated[
    str,
    Field(pattern=r"^[A-Za-z_]\w*$", description="A function of the demo's files."),
    FieldRole.FUNCTION,
]
TopicName = Annotated[Slug, ListedIn("topics")]
Concept = Annotated[Slug, ListedIn("concepts")]
Pattern = Annotated[Slug, ListedIn("patterns")]
Misconception = Annotated[Slug, ListedIn("misconceptions")]


def repeated_ids(ids: Sequence[str], noun: str, *at: str) -> list[Fault]:
    """A fault for each id that an earlier part has too. `at` is the id's place in its part."""
    return [
        Fault(f"{id} is the id of another {noun}", "Give it its own id.", (place, *at))
        for place, id in enumerate(ids)
        if id in ids[:place]
    ]
