"""The command line of `quiz`. Each command is a module of quiz.cli with `main`.

Only the module of the chosen command is imported, so that `quiz --version` is fast.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from quiz import __version__
from quiz.errors import QuizError
from quiz.settings import Settings

DEFAULT = "serve"
NOT_COMMANDS = ("-h", "--help", "--version")


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    chosen = _parser().parse_args(_with_command(given))
    try:
        settings = _settings(chosen)
        status: int = importlib.import_module(f"quiz.cli.{chosen.command}").main(settings, chosen)
    except QuizError as error:
        sys.stderr.write(f"quiz: {error}\n")
        return error.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of the output has ended, as `head` does after ten lines.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return status


def _with_command(given: list[str]) -> list[str]:
    """Adds `serve` to `quiz --port 9000`. argparse refuses an unknown command."""
    is_flag = given[:1] == [] or (given[0].startswith("-") and given[0] not in NOT_COMMANDS)
    return [DEFAULT, *given] if is_flag else given


def _settings(chosen: argparse.Namespace) -> Settings:
    """The settings of the environment. A flag replaces the setting of the same name."""
    flags = ("host", "port", "data", "open", "prepare", "reload", "code", "class_", "open_access")
    return Settings.read(os.environ, **{flag: getattr(chosen, flag, None) for flag in flags})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="quiz",
        description="After Response: a quiz on background work that runs real servers.",
        epilog="Without a command, quiz serves. QUIZ_* variables set the same options.",
    )
    parser.add_argument("--version", action="version", version=f"After Response {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_serve(commands)
    check = commands.add_parser("check", help="check packs and print their errors and suggestions")
    check.add_argument("files", nargs="*", type=Path, help="packs to check; all by default")
    _add_run(commands)
    _add_prove(commands)
    _add_new(commands)
    _add_exchange(commands)
    _add_pack(commands)
    prepare = commands.add_parser("prepare", help="build environments before they are needed")
    prepare.add_argument("names", nargs="*", metavar="NAME", help="all by default")
    schema = commands.add_parser("schema", help="print the JSON Schema of a pack or a demo.yaml")
    schema.add_argument("what", nargs="?", choices=("pack", "demo"), default="pack")
    return parser


def _add_serve(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = commands.add_parser("serve", help="serve the quiz (the default)")
    serve.add_argument("--host", help="the address to listen on (127.0.0.1)")
    serve.add_argument(
        "--port", type=_port, help="the port to listen on (8000; 0 takes a free one)"
    )
    serve.add_argument("--data", type=_folder, help="the folder where attempts are kept")
    _flag(serve, "--open", "open the page in a browser")
    _flag(serve, "--prepare", "build missing environments while pages are served")
    _flag(serve, "--reload", "show an edited pack on the next page load")
    serve.add_argument("--code", metavar="WORD", help="the access code; QUIZ_CODE keeps it private")
    _flag(serve, "--class", "give each question a page for the projector", dest="class_")
    _flag(serve, "--open-access", "let other machines in without an access code")


def _flag(parser: argparse.ArgumentParser, name: str, help: str, dest: str | None = None) -> None:
    """A switch. Its default is None, so that a QUIZ_* variable holds if the flag is not given."""
    parser.add_argument(name, action="store_true", default=None, help=help, dest=dest)


def _add_run(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    run = commands.add_parser("run", help="run a demo and draw its timeline here")
    run.add_argument("demo", metavar="DEMO")
    run.add_argument("--variant")
    run.add_argument("--environment")
    run.add_argument(
        "--set", dest="values", metavar="NAME=VALUE", action="append", type=_pair, default=[]
    )
    run.add_argument("--save", metavar="FILE", type=Path, help="save the run's record to a file")
    run.add_argument("--facts", action="store_true", help="print all facts, as claims name them")
    run.add_argument("--output", action="store_true", help="also print the output of its processes")


def _add_prove(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    prove = commands.add_parser("prove", help="check every key against repeated runs")
    prove.add_argument("packs", nargs="*", metavar="PACK", help="packs to prove; all by default")
    prove.add_argument("--question", metavar="ID", help="prove only this question")
    prove.add_argument("--times", type=_times, default=5, help="how often each run is made (5)")
    prove.add_argument(
        "--environment", metavar="NAME", help="also check the keys in this environment, or in all"
    )
    prove.add_argument("--json", action="store_true", help="print the results as JSON")
    prove.add_argument("--dry", action="store_true", help="do not change the stored proofs")


def _add_new(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    new = commands.add_parser("new", help="create a pack, a question or a demo")
    what = new.add_subparsers(dest="what", required=True, metavar="pack|question|demo")
    pack = what.add_parser("pack", help="a file of questions in the first folder of QUIZ_PACKS")
    pack.add_argument("name", metavar="NAME")
    question = what.add_parser("question", help="a question at the end of a pack")
    question.add_argument("pack", metavar="PACK")
    question.add_argument("name", metavar="ID")
    question.add_argument("--kind", default="choice")
    question.add_argument("--topic", metavar="SLUG", help="the pack's last by default")
    demo = what.add_parser("demo", help="a demo in the first folder of QUIZ_PACKS")
    demo.add_argument("name", metavar="NAME")


def _add_pack(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    pack = commands.add_parser("pack", help="build a pack to share, or install one")
    what = pack.add_subparsers(dest="what", required=True, metavar="build|add")
    build = what.add_parser("build", help="make a zip of a folder's pack, its demos and its proof")
    build.add_argument("folder", metavar="FOLDER", type=_folder)
    build.add_argument("--pack", metavar="NAME", help="which one, if the folder has several")
    build.add_argument("--to", metavar="FILE", type=Path, help="NAME-VERSION.zip by default")
    add = what.add_parser("add", help="install a pack in the first folder of QUIZ_PACKS")
    add.add_argument("source", metavar="FILE|URL")
    add.add_argument("--yes", action="store_true", help="install it without being asked")


def _add_exchange(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    out = commands.add_parser("export", help="write a pack as a file of another program")
    out.add_argument("pack", metavar="PACK")
    out.add_argument("--format", metavar="NAME", required=True, help="anki, moodle, gift or csv")
    out.add_argument("--to", metavar="FILE", type=Path, help="PACK.apkg and so on by default")
    out.add_argument("--base", metavar="URL", help="where the quiz is reached, for its links")
    into = commands.add_parser("import", help="make a pack from another program's questions")
    into.add_argument("file", metavar="FILE", type=Path)
    into.add_argument("--format", metavar="NAME", help="recognized by default")
    into.add_argument("--into", metavar="FOLDER", type=Path, required=True)


def _times(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 60:
        raise argparse.ArgumentTypeError("choose a number from 1 to 60")
    return number


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port. Choose one from 0 to 65535")
    return number


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


if __name__ == "__main__":
    sys.exit(main())
