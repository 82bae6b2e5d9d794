"""Progress bars of tqdm and rich, if they are installed."""

import contextlib
import importlib
import typing
from collections.abc import Callable, Generator

from digicert_contacts._results import Progress

Callback: typing.TypeAlias = Callable[[Progress], object] | typing.Literal["tqdm", "rich"] | None
# As the Rust side calls it.
Told: typing.TypeAlias = Callable[[int, int, int, int, str], object] | None


@contextlib.contextmanager
def telling(progress: Callback, what: str) -> Generator[Told, None, None]:
    """Give what to call with each order; a bar is there until the block is left."""
    if progress is None:
        yield None
    elif progress == "tqdm":
        with _tqdm(what) as step:
            yield _unpacked(step)
    elif progress == "rich":
        with _rich(what) as step:
            yield _unpacked(step)
    elif callable(progress):
        yield _unpacked(progress)
    else:
        message = "progress must be a callable, 'tqdm' or 'rich'"
        raise TypeError(message)


def _unpacked(progress: Callable[[Progress], object]) -> Told:
    def told(done: int, total: int, failed: int, order_id: int, result: str) -> None:
        progress(Progress(done, total, failed, order_id, result))

    return told


@contextlib.contextmanager
def _tqdm(what: str) -> Generator[Callable[[Progress], None], None, None]:
    with importlib.import_module("tqdm.auto").tqdm(desc=what, unit="order") as bar:

        def step(progress: Progress) -> None:
            bar.total = progress.total
            bar.set_postfix(failed=progress.failed, refresh=False)
            bar.update(1)

        yield step


@contextlib.contextmanager
def _rich(what: str) -> Generator[Callable[[Progress], None], None, None]:
    with importlib.import_module("rich.progress").Progress() as bar:
        task = bar.add_task(what, total=None)

        def step(progress: Progress) -> None:
            failed = f", {progress.failed} failed" if progress.failed else ""
            done = progress.done
            bar.update(task, total=progress.total, completed=done, description=what + failed)

        yield step
        if bar.tasks[task].total is None:
            # There was nothing to do.
            bar.remove_task(task)
