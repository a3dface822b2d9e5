"""`quiz prove`: checks every key against repeated runs, and keeps the record beside the pack."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from quiz.demos import locks
from quiz.demos.model import Demo
from quiz.documents.regular_file import UnreadableError, printable, read_text
from quiz.errors import QuizError, did_you_mean
from quiz.packs.catalog import LARGEST_PROOF, Catalog, load
from quiz.packs.files import proof_file
from quiz.packs.pack import Pack
from quiz.proofs.judge import required_runs
from quiz.proofs.prover import Prover
from quiz.proofs.record import ClaimResult, Proof, ProofFile
from quiz.questions.base import Question
from quiz.runs.engine.environments import Environments
from quiz.runs.run_store import NullRunStore
from quiz.runs.service import Runs
from quiz.settings import Settings

ALL = "all"
WORDS = {
    "proven": ("proven", "green"),
    "documentation": ("from the documentation", "bright_black"),
    "unproven": ("unproven", "bold red"),
    "unstable": ("unstable", "bold red"),
    "failed": ("failed", "bold red"),
}
WELL = ("proven", "documentation")
# Runs mostly wait. More runs at once would change each other's times.
AT_ONCE_A_CORE = 2


def main(settings: Settings, chosen: argparse.Namespace) -> int:
    catalog = load(settings)
    packs = _packs(catalog, chosen.packs)
    questions = {pack.slug: _questions(pack, chosen.question) for pack in packs}
    if chosen.question and not any(questions.values()):
        known = [question.id for pack in packs for question in pack.questions]
        hint = did_you_mean(chosen.question, known)
        raise QuizError(f"There is no question {chosen.question!r}. {hint}".strip())
    environments = Environments(locks.folders(settings.packs), settings.cache)
    _check_environment(chosen.environment, environments, questions, catalog.demos)
    # With --json, the results go to stdout and the progress to stderr.
    console = Console(stderr=chosen.json)
    kept = {pack.slug: _kept(proof_file(pack)) for pack in packs if questions[pack.slug]}
    proofs = asyncio.run(_prove(settings, environments, catalog.demos, questions, chosen, console))
    said = [proof for found in proofs.values() for proof in found]
    if chosen.json:
        told = [proof.model_dump(mode="json", exclude_defaults=True) for proof in said]
        print(json.dumps({"questions": told}, indent=1))
    else:
        _tell(console, said)
    # Printed before it is stored: if the folder cannot be written, the results are still shown.
    for pack in packs:
        if proofs[pack.slug] and not chosen.dry:
            _keep(proof_file(pack), pack, kept[pack.slug], proofs[pack.slug])
    return 0 if all(proof.status in WELL for proof in said) else 1


def _packs(catalog: Catalog, names: Sequence[str]) -> list[Pack]:
    for broken in catalog.broken:
        if not names or broken.slug in names:
            problems = "\n".join(map(str, broken.problems))
            raise QuizError(f"{broken.file} has errors. Correct them first.\n{problems}")
    for name in names:
        if name not in catalog.packs:
            hint = did_you_mean(name, catalog.packs)
            raise QuizError(f"There is no pack {name!r}. {hint}".strip())
    return [catalog.packs[name] for name in names or catalog.packs]


def _questions(pack: Pack, id: str | None) -> list[Question]:
    return [question for question in pack.questions if id in (None, question.id)]


def _check_environment(
    name: str | None,
    environments: Environments,
    questions: Mapping[str, Sequence[Question]],
    demos: Mapping[str, Demo],
) -> None:
    """Raises QuizError if the environment is unknown, or if no question can run there."""
    if name in (None, ALL):
        return
    if name not in environments.names:
        hint = did_you_mean(name, [*environments.names, ALL])
        raise QuizError(f"There is no environment {name!r}. {hint}".strip())
    every = [question for found in questions.values() for question in found]
    if not any(name in _environments(question, demos) for question in every):
        raise QuizError(f"No run of what is to be proven goes to the environment {name}.")


async def _prove(
    settings: Settings,
    environments: Environments,
    demos: Mapping[str, Demo],
    questions: Mapping[str, Sequence[Question]],
    chosen: argparse.Namespace,
    console: Console,
) -> dict[str, list[Proof]]:
    runs = Runs(settings, NullRunStore(), lambda: demos, environments)
    at_once = AT_ONCE_A_CORE * (os.cpu_count() or 1)
    every = [question for found in questions.values() for question in found]
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("Proving")
        prover = Prover(runs, demos, at_once, lambda _required: progress.advance(bar))
        wanted = [need for question in every for need in required_runs(question)]
        progress.update(bar, total=prover.start(wanted, chosen.times))
        try:
            return {
                pack: await asyncio.gather(
                    *(
                        prover.prove(question, chosen.times, _others(question, demos, chosen))
                        for question in found
                    )
                )
                for pack, found in questions.items()
            }
        finally:
            await runs.close()


def _others(question: Question, demos: Mapping[str, Demo], chosen: argparse.Namespace) -> list[str]:
    """The other environments in which the key is checked."""
    known = _environments(question, demos)
    wanted = known if chosen.environment == ALL else (chosen.environment,)
    return [name for name in known if name in wanted and len(known) > 1]


def _environments(question: Question, demos: Mapping[str, Demo]) -> Sequence[str]:
    if question.demo is None:
        return ()
    return demos[question.demo.name].variant(question.demo.variant).environments


def _keep(file: Path, pack: Pack, old: Sequence[Proof], new: Sequence[Proof]) -> None:
    """Writes the new proofs. Keeps the old proofs of all questions that were not proven now.

    A new proof keeps the results of other environments if the question and its demo are unchanged.
    """
    kept = {proof.id: proof for proof in old}
    for proof in new:
        before = kept.get(proof.id)
        if before and before.hash == proof.hash:
            elsewhere = before.elsewhere | proof.elsewhere
            proof = proof.model_copy(update={"elsewhere": elsewhere})
        kept[proof.id] = proof
    ordered = [kept[question.id] for question in pack.questions if question.id in kept]
    text = ProofFile(pack=pack.slug, questions=tuple(ordered)).model_dump(
        mode="json", exclude_defaults=True
    )
    new_file = file.with_suffix(".new")
    try:
        new_file.write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")
        os.replace(new_file, file)
    except OSError as error:
        raise QuizError(f"{file} cannot be written: {error.strerror}.") from error


def _kept(file: Path) -> Sequence[Proof]:
    """The proofs in the record. A record that cannot be read is reported before anything runs."""
    if not os.path.lexists(file):
        return ()
    try:
        return ProofFile.model_validate_json(read_text(file, LARGEST_PROOF)).questions
    except UnreadableError as error:
        reason = error.reason
    except ValueError:
        reason = "is not a record of proofs"
    print(f"{printable(str(file))} {reason}. A new record replaces it.", file=sys.stderr)
    return ()


def _tell(console: Console, proofs: Sequence[Proof]) -> None:
    for proof in proofs:
        word, style = WORDS[proof.status]
        line = Text.assemble(f"{proof.id}: ", (word, style))
        if proof.status == "proven":
            line.append(f" {proof.times} of {proof.times}")
        console.print(line, soft_wrap=True)
        if proof.reason:
            console.print(f"  {proof.reason}", soft_wrap=True, markup=False)
        for missing in proof.missing:
            console.print(f"  never seen: {missing}", soft_wrap=True, markup=False)
        for tested in (*proof.claims, *proof.counterfactuals, *proof.draws):
            if not tested.passed:
                console.print(f"  {_lack(tested)}", soft_wrap=True, markup=False)
    wrong = sum(proof.status not in WELL for proof in proofs)
    proven = sum(proof.status == "proven" for proof in proofs)
    console.print(f"{proven} of {len(proofs)} questions proven, {wrong} not well.")


def _lack(tested: ClaimResult) -> str:
    should = {True: "must hold", False: "must not hold", None: "must not always hold"}
    values = ", ".join(f"{name}: {' to '.join(map(str, v))}" for name, v in tested.values.items())
    said = tested.unsaid or f"held in {tested.held} of {tested.of}"
    return f"{tested.claim} {should[tested.expected]}: {said} ({values})"
