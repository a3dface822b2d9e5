"""Everything that is stored: one object per noun, over one database.

A verb that writes returns once the disk has the write. Verbs raise StorageError.
"""

from pathlib import Path

from quiz.storage.activity import Activity
from quiz.storage.attempts import Attempts
from quiz.storage.classroom import Classroom
from quiz.storage.database import Database
from quiz.storage.disputes import Disputes
from quiz.storage.learners import Learners
from quiz.storage.mock_interviews import MockInterviews
from quiz.storage.rehearsals import Rehearsals
from quiz.storage.runs import StoredRuns
from quiz.storage.standings import Standings


class Storage:
    def __init__(self, path: Path) -> None:
        self.database = Database(path)
        self.attempts = Attempts(self.database)
        self.standings = Standings(self.database)
        self.activity = Activity(self.database)
        self.runs = StoredRuns(self.database)
        self.disputes = Disputes(self.database)
        self.rehearsals = Rehearsals(self.database)
        self.interviews = MockInterviews(self.database)
        self.classroom = Classroom(self.database)
        self.learners = Learners(self.database)

    async def start(self) -> None:
        """Open the file, created or brought up to date as needed. Raises StorageError."""
        await self.database.open()

    async def stop(self) -> None:
        """Finish what is being written and close the file."""
        await self.database.close()
