"""The record of a proof, and the file of records beside a pack. It knows neither runs nor pages."""

from datetime import date
from typing import Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

Status = Literal["proven", "failed", "unstable", "unproven", "documentation"]


class _Record(BaseModel):
    # The JSON of earlier versions stays readable: a field that was renamed keeps its old key.
    model_config = ConfigDict(frozen=True, validate_by_name=True, serialize_by_alias=True)


class ClaimResult(_Record):
    """One claim, evaluated over all runs of a demo.

    `expected`: the claim must hold in every run (True), in no run (False), or not in every run
    (None). `held` counts the runs in which it held, of `of`. `unsaid` is the error of a run in
    which it could not be evaluated. `values` maps each fact that the claim names to its minimum and
    maximum, or to its few distinct values.
    """

    claim: str
    expected: bool | None
    held: int
    of: int
    unsaid: str | None = None
    values: dict[str, list[Any]] = {}

    @property
    def passed(self) -> bool:
        if self.unsaid is not None:
            return False
        if self.expected is None:
            return self.held < self.of
        return self.held == (self.of if self.expected else 0)

    @property
    def is_unstable(self) -> bool:
        return self.expected is not None and self.unsaid is None and 0 < self.held < self.of


class Platform(_Record):
    """What the runs used: the environment, the versions of Python and packages, the system."""

    environment: str
    versions: dict[str, str]
    os: str


class Proof(_Record):
    """What repeated runs say about the key of one question.

    `claims` are the claims on the question's own demo. `counterfactuals` are the claims of wrong
    options, each on the demo where its option would be right. `draws` has both for each variant of
    the numbers, as `vary[0] o1` and `vary[0] world o1`. `seen` counts each of several possible
    outcomes, `missing` names those never seen. `elsewhere` says for other environments whether the
    key holds there. `hash` identifies what was proven, see `judge.hash_of`.
    """

    id: str
    status: Status
    hash: str = ""
    times: int = 0
    on: date | None = None
    ran: Platform | None = None
    claims: tuple[ClaimResult, ...] = ()
    counterfactuals: tuple[ClaimResult, ...] = Field(
        default=(), validation_alias="worlds", serialization_alias="worlds"
    )
    draws: tuple[ClaimResult, ...] = ()
    seen: dict[str, int] = {}
    missing: tuple[str, ...] = ()
    elsewhere: dict[str, bool] = {}
    reason: str = ""


class ProofFile(_Record):
    """The proofs of a pack. In JSON each platform is listed once, and a proof has its index."""

    pack: str
    questions: tuple[Proof, ...]

    @model_validator(mode="before")
    @classmethod
    def _unfolded(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "ran" not in data:
            return data
        try:
            questions = [
                given | {"ran": data["ran"][given["ran"]]} if "ran" in given else given
                for given in data["questions"]
            ]
        except (IndexError, KeyError, TypeError) as error:
            raise ValueError("a proof has no valid index in the list of platforms (ran)") from error
        return {"pack": data.get("pack"), "questions": questions}

    @model_serializer(mode="wrap")
    def _folded(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        data = handler(self)
        ran: list[Any] = []
        for given in data["questions"]:
            if found := given.get("ran"):
                if found not in ran:
                    ran.append(found)
                given["ran"] = ran.index(found)
        return {"pack": data["pack"], "ran": ran, "questions": data["questions"]}

    def of(self, id: str) -> Proof | None:
        return next((proof for proof in self.questions if proof.id == id), None)
