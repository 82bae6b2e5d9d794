"""The page of licences matches the build."""

import shutil

import licences
import pytest


@pytest.mark.skipif(shutil.which("cargo") is None, reason="needs cargo metadata")
def test_the_page_lists_every_crate_of_this_platform_and_no_others() -> None:
    page = licences.PAGE.read_text(encoding="utf-8")
    assert page.startswith(licences.HEAD)
    listed = page.removeprefix(licences.HEAD).splitlines()
    built = licences.rows()
    assert len(built) > 100
    assert set(built) <= set(listed), "`make licences` brings it up to date"

    lock = (licences.ROOT / "Cargo.lock").read_text(encoding="utf-8")
    for row in listed:
        name, version, licence = row.strip("| ").split(" | ")
        assert licence
        assert f'name = "{name}"\nversion = "{version}"\n' in lock, row
