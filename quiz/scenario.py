"""The public API of a demo's `scenario.py`: `docs/authoring.md` describes it.

Scenarios import this module alone. It runs inside an environment, so it imports the stage only.
"""

from quiz.runs.stage.client import Pending, Reply
from quiz.runs.stage.programs.broker import Broker, Valkey
from quiz.runs.stage.scenario import Stage, Web, Worker

__all__ = ["Broker", "Pending", "Reply", "Stage", "Valkey", "Web", "Worker"]
