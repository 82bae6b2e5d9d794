"""The command that comes with the package."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import digicert_contacts

ROOT = Path(__file__).parents[2]
SCRIPT = Path(sys.executable).with_name("digicert-contacts")


def run(*args: str) -> subprocess.CompletedProcess[str]:
    command = [str(SCRIPT), *args]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def test_it_does_what_the_rust_binary_does() -> None:
    ran = run("apply", str(ROOT / "examples/contacts.csv"), "--sandbox", "--yes")
    assert ran.returncode == 0
    assert ran.stdout.endswith("done: 14 orders: 12 changed, 2 unchanged\n12 of 12 verified\n")
    assert run("--version").stdout == f"digicert-contacts {digicert_contacts.__version__}\n"


def test_exit_codes_reach_the_shell() -> None:
    assert run("get", "5", "--sandbox").returncode == 3
    assert run("aply").returncode == 64
    assert run("check", "/no/such/file").returncode == 65


def test_it_logs_as_the_rust_binary_does(tmp_path: Path) -> None:
    log = tmp_path / "run.log"
    ran = run("get", "100000001", "--sandbox", "-v", "--log-file", str(log))
    assert ran.returncode == 0
    assert " info: server http://127.0.0.1:" in ran.stderr
    assert " debug: " not in ran.stderr
    assert " debug: GET order/certificate/100000001: attempt 1: 200 in " in log.read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="no POSIX shell")
def test_a_closed_standard_output_is_an_error(tmp_path: Path) -> None:
    journal = tmp_path / "run.jsonl"
    script = 'exec "$@" >&-'
    command = ["sh", "-c", script, "sh", str(SCRIPT), "apply", str(ROOT / "examples/contacts.csv")]
    command += ["--sandbox", "--yes", "--journal", str(journal)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert (ran.returncode, ran.stderr) == (
        1,
        "error: cannot write the output: standard output is closed\n",
    )
    assert all(line.startswith("{") for line in journal.read_text("utf-8").splitlines())


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_interrupts_the_command(name: str) -> None:
    command = [sys.executable, "-m", "digicert_contacts", "sandbox"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("The sandbox is running")
            process.send_signal(getattr(signal, name))
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_late_signal_does_not_change_the_exit_code(name: str) -> None:
    command = [sys.executable, "-m", "digicert_contacts", "check", str(ROOT / "examples")]
    command[-1] += "/contacts.csv"
    for _ in range(10):
        with subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert "no problems" in process.stdout.readline()
            process.send_signal(getattr(signal, name))
            _, errors = process.communicate(timeout=10)
        assert process.returncode == 0, errors
        assert "Traceback" not in errors


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="no SIGHUP there")
def test_under_nohup_a_closed_terminal_does_not_stop_the_command() -> None:
    command = ["nohup", sys.executable, "-m", "digicert_contacts", "check", "-"]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        time.sleep(1)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        output, _ = process.communicate(b"order_id\n", timeout=10)
    assert process.returncode == 65
    assert output == b""
