"""Walks a document's data beside its pydantic model: each value with the type of its field.

Knows nothing of packs or demos, and accepts data that does not fit the model.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property, reduce
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel

from quiz.documents.yaml_document import Loc

Marker = TypeVar("Marker")
# The field whose value chooses one of several models.
TAG = "kind"


@dataclass(frozen=True)
class FieldType:
    """What a field's annotation says. A union has what each of its members has.

    `marks` are the types and the metadata of the annotation. `items` is the type of the items of a
    list and of the values of a mapping.
    """

    marks: tuple[Any, ...] = ()
    items: "FieldType | None" = None

    @cached_property
    def models(self) -> tuple[type[BaseModel], ...]:
        return tuple(self.subclasses(BaseModel))

    def subclasses(self, base: type[Marker]) -> list[type[Marker]]:
        """The types among the marks that derive from `base`."""
        return [mark for mark in self.marks if isinstance(mark, type) and issubclass(mark, base)]

    def instance(self, of: type[Marker]) -> Marker | None:
        """The metadata of this class; None if the annotation has none."""
        return next((mark for mark in self.marks if isinstance(mark, of)), None)

    def below(self, key: object, data: Any) -> "FieldType":
        """Type of the value at this key or index of `data`."""
        if isinstance(data, dict) and self.models:
            return self.fields(data).get(str(key), ANYTHING)
        return self.items or ANYTHING

    def fields(self, data: Mapping[str, Any]) -> dict[str, "FieldType"]:
        """The fields that this mapping may have. If its tag is unknown, those of all models."""
        models = self.models
        if len(models) > 1:
            tag = data.get(TAG)
            models = tuple(model for model in models if tag in _tags(model)) or models
        return _common_fields(models)


ANYTHING = FieldType()


@dataclass(frozen=True)
class Field:
    """A value of a document at its place, with the type of its field."""

    loc: Loc
    value: Any
    type: FieldType


def walk(type: FieldType, value: Any, loc: Loc = ()) -> Iterator[Field]:
    """This value and all values below it."""
    yield Field(loc, value, type)
    for key, below in _children(value):
        yield from walk(type.below(key, value), below, (*loc, key))


def rebuilt(type: FieldType, value: Any, loc: Loc, change: Callable[[Field], Any]) -> Any:
    """A copy with each value changed, from the innermost outwards."""
    if isinstance(value, dict | list):
        below = {
            key: rebuilt(type.below(key, value), child, (*loc, key), change)
            for key, child in _children(value)
        }
        value = below if isinstance(value, dict) else list(below.values())
    return change(Field(loc, value, type))


@cache
def fields_of(model: type[BaseModel]) -> dict[str, FieldType]:
    """The types of a model's fields by the keys that a document gives them."""
    return {
        field.alias or name: _read(field.annotation, tuple(field.metadata))
        for name, field in model.model_fields.items()
    }


@cache
def _common_fields(models: tuple[type[BaseModel], ...]) -> dict[str, FieldType]:
    found = [fields_of(model) for model in models]
    first = found[0] if found else {}
    return {name: type for name, type in first.items() if all(name in one for one in found)}


def _read(annotation: Any, metadata: tuple[Any, ...] = ()) -> FieldType:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _read(arguments[0], (*metadata, *arguments[1:]))
    if origin in (Union, UnionType):
        return reduce(_both, map(_read, arguments), FieldType(metadata))
    if origin in (tuple, list):
        members = [_read(argument) for argument in arguments if argument is not ...]
        return FieldType(metadata, reduce(_both, members, ANYTHING))
    if origin is dict:
        return FieldType(metadata, _read(arguments[1]))
    return FieldType((*metadata, annotation))


def _both(one: FieldType, other: FieldType) -> FieldType:
    items = _both(one.items, other.items) if one.items and other.items else one.items or other.items
    return replace(one, marks=(*one.marks, *other.marks), items=items)


def _children(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


@cache
def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    field = model.model_fields.get(TAG)
    return get_args(field.annotation) if field else ()
