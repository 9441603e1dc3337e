"""The command line: `quotary COMMAND`. Importing it is cheap; each command loads what it needs when it runs.

Exit status: 0 done; 1 some of the inputs failed, or a quote does not hold; 2 wrong usage or settings, or the
collection cannot be used; 3 the articles do not answer; 130 stopped by Ctrl-C.
"""

import os
import signal
import sys
from importlib.metadata import entry_points
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from service.commands import ask, collection, serve, state
from sources.errors import QuotaryError

COMMANDS = "quotary.commands"
"""Entry-point group by which other packages bring commands, as Typer applications."""
USAGE = 2
STOPPED = 130


class LazyGroup(TyperGroup):
    """Our commands, and those of the entry-point group, which are imported only when named or listed."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands."""
        return [*super().list_commands(ctx), *sorted(point.name for point in entry_points(group=COMMANDS))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of this name, or None."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        for point in entry_points(group=COMMANDS, name=cmd_name):
            return _named(point.load(), cmd_name)
        return None


app = typer.Typer(
    cls=LazyGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Answers questions from a collection of articles with the articles' own words.",
    epilog="Exit status: 0 done, 1 some inputs failed, 2 wrong usage or unusable collection, 3 no answer.",
)
for module in (ask, collection, state, serve):
    module.register(app)


def main() -> None:
    """Run the command line; errors of ours become one line on stderr, never a traceback."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except QuotaryError as error:
        print(f"quotary: {error}", file=sys.stderr)
        sys.exit(USAGE)
    except KeyboardInterrupt:
        print("quotary: stopped", file=sys.stderr)
        sys.exit(STOPPED)
    except BrokenPipeError:
        # The reader of our output has gone (`quotary list | head`): nothing more to say, and no complaint at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(128 + signal.SIGPIPE)


def _named(loaded: Any, name: str) -> Any:
    command = get_command(loaded)
    command.name = name
    return command
