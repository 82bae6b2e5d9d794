"""The templates for GitHub Actions and GitLab: their schemas, and their scripts."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml

from digicert_contacts.testing import Sandbox

EXAMPLES = Path(__file__).parents[2] / "examples"
GITHUB = EXAMPLES / "github-actions/contacts.yml"
GITLAB = EXAMPLES / "gitlab/contacts.gitlab-ci.yml"
SCHEMAS = {GITHUB: "vendor.github-workflows", GITLAB: "vendor.gitlab-ci"}


@pytest.fixture
def folder(tmp_path: Path, sandbox: Sandbox) -> Path:
    for name in ["contacts.toml", "policy.toml"]:
        shutil.copy(EXAMPLES / "contacts-as-code" / name, tmp_path)
    policy = tmp_path / "policy.toml"
    policy.write_text(policy.read_text().replace("50%", "100%"))
    (tmp_path / "config.toml").write_text(f'[default]\nbase_url = "{sandbox.base_url}"\n')
    commands = tmp_path / "commands"
    commands.mkdir()
    for name in ["pip", "gh", "curl"]:
        command = commands / name
        command.write_text(f'#!/bin/sh\necho {name} "$@" >> "{tmp_path}/called"\n')
        command.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("template", SCHEMAS, ids=["github", "gitlab"])
def test_a_template_is_valid(template: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", SCHEMAS[template]]
    checked = subprocess.run([*command, template], capture_output=True, text=True, check=False)  # noqa: S603
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_on_github_exactly_the_approved_plan_is_applied(folder: Path, sandbox: Sandbox) -> None:
    jobs = yaml.safe_load(GITHUB.read_text())["jobs"]

    def run(job: str, **variables: str) -> int:
        files = {name: str(folder / name) for name in ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"]}
        scripts = [step["run"] for step in jobs[job]["steps"] if "run" in step]
        return shell(folder, sandbox, "\n".join(scripts), files | variables)

    assert run("comment", PULL_REQUEST="https://example.com/1") == 0
    assert "--body-file plan.md --edit-last" in (folder / "called").read_text()
    assert puts(sandbox) == 0
    assert run("drift") == 2, "the orders differ from the rules"
    assert run("plan") == 0
    digest = (folder / "GITHUB_OUTPUT").read_text().strip().removeprefix("digest=")
    assert run("apply", DIGEST="sha256:" + "0" * 64) == 65
    assert puts(sandbox) == 0
    assert run("apply", DIGEST=digest) == 0
    assert puts(sandbox) > 0
    assert run("drift") == 0
    summary = (folder / "GITHUB_STEP_SUMMARY").read_text()
    assert "nothing to change" in summary
    assert "@example.com" not in summary.replace("&#64;", "@"), "the values are redacted"


def test_a_plan_that_violates_the_policy_fails_and_is_commented(
    folder: Path, sandbox: Sandbox
) -> None:
    (folder / "policy.toml").write_text("max_changes = 1\n")
    github = yaml.safe_load(GITHUB.read_text())["jobs"]["comment"]["steps"]
    gitlab = yaml.safe_load(GITLAB.read_text())["comment"]["script"]
    variables = dict.fromkeys(
        ["PULL_REQUEST", "CI_API_V4_URL", "CI_PROJECT_ID", "CI_MERGE_REQUEST_IID", "COMMENT_TOKEN"],
        "1",
    )
    for script in [[step["run"] for step in github if "run" in step], gitlab]:
        assert shell(folder, sandbox, "\n".join(script), variables) == 7
        assert "violates the policy" in (folder / "plan.md").read_text()
    called = (folder / "called").read_text()
    assert "gh pr comment" in called
    assert "curl --fail" in called


def test_on_gitlab_exactly_the_planned_changes_are_applied(folder: Path, sandbox: Sandbox) -> None:
    jobs = yaml.safe_load(GITLAB.read_text())

    def run(job: str, **variables: str) -> int:
        scripts = [*jobs[".contacts"]["before_script"], *jobs[job]["script"]]
        return shell(folder, sandbox, "\n".join(scripts), variables)

    variables = {"CI_API_V4_URL": "https://gitlab.example.com/api/v4", "CI_PROJECT_ID": "1"}
    assert run("comment", CI_MERGE_REQUEST_IID="2", COMMENT_TOKEN="t", **variables) == 0
    assert "projects/1/merge_requests/2/notes" in (folder / "called").read_text()
    assert run("drift") == 2
    cases = ET.parse(folder / "orders.xml").getroot().iter("testcase")  # noqa: S314 - our own file
    failed = [case for case in cases if case.find("failure") is not None]
    assert run("plan") == 0
    digest = (folder / "digest.env").read_text().strip().removeprefix("DIGEST=")
    assert run("apply", DIGEST=digest) == 0
    assert puts(sandbox) == len(failed)
    assert run("drift") == 0
    journal = (folder / "run.jsonl").read_text().splitlines()
    assert json.loads(journal[0])["format"] == "digicert-contacts-journal"


def shell(folder: Path, sandbox: Sandbox, script: str, variables: Mapping[str, str]) -> int:
    path = [str(folder / "commands"), str(Path(sys.executable).parent), os.environ["PATH"]]
    environment: dict[str, Any] = {
        "PATH": os.pathsep.join(path),
        "HOME": str(folder),
        "DIGICERT_API_KEY": sandbox.api_key,
        "DIGICERT_CONFIG_FILE": str(folder / "config.toml"),
        **variables,
    }
    # As the runners of GitHub start a script.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode  # noqa: S603


def puts(sandbox: Sandbox) -> int:
    return sum(method == "PUT" for method, _, _ in sandbox.requests())
