"""The progress of a plan or a run, for a callback or a bar of tqdm or rich."""

import contextlib
import importlib
import typing
from collections.abc import Callable, Generator

from digicert_contacts._records import Progress

Callback: typing.TypeAlias = Callable[[Progress], object]
ProgressOption: typing.TypeAlias = Callback | typing.Literal["tqdm", "rich"] | None


@contextlib.contextmanager
def progress_callback(
    progress: ProgressOption, description: str
) -> Generator[Callback | None, None, None]:
    """Yield the callback for the option ``progress``; a bar is shown until the context exits."""
    if progress == "tqdm":
        with _tqdm(description) as callback:
            yield callback
    elif progress == "rich":
        with _rich(description) as callback:
            yield callback
    elif progress is None or callable(progress):
        yield progress
    else:
        message = "progress must be a callable, 'tqdm' or 'rich'"
        raise TypeError(message)


@contextlib.contextmanager
def _tqdm(description: str) -> Generator[Callback, None, None]:
    with importlib.import_module("tqdm.auto").tqdm(desc=description, unit="order") as bar:

        def update(progress: Progress) -> None:
            bar.total = progress.total
            bar.set_postfix(failed=progress.failed, refresh=False)
            bar.update(1)

        yield update


@contextlib.contextmanager
def _rich(description: str) -> Generator[Callback, None, None]:
    with importlib.import_module("rich.progress").Progress() as bar:
        task = bar.add_task(description, total=None)

        def update(progress: Progress) -> None:
            failed = f", {progress.failed} failed" if progress.failed else ""
            bar.update(
                task,
                total=progress.total,
                completed=progress.done,
                description=description + failed,
            )

        yield update
        if bar.tasks[task].total is None:
            # No order was processed, so the total is not known.
            bar.remove_task(task)
