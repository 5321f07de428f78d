# A fresh machine is Debian with cargo, make and a C compiler. Everything else the targets fetch as packages, or they
# say what is missing and carry on without it where they can.
.PHONY: demo build test check bench bench-core bench-load bench-peers sample recompute web recompute-cases browser

CARGO := cargo
# Unoptimised planning code, optimised enough to serve: the cheapest profile that runs the sample well, and the one the
# tests use, so that the dependencies are built once for both.
DEMO := $(CARGO) run --locked --quiet --

# Styles, typeface and script of the pages, embedded in the binary. Without npm the build goes on: see web/build.sh.
web: web/dist/style.css

web/dist/style.css: $(wildcard web/src/*) web/package-lock.json web/build.mjs web/build.sh
	./web/build.sh

demo: web
	@echo "Building (the first time takes a while: see README) ..."
	$(CARGO) build --locked
	$(DEMO) demo

build: web
	$(CARGO) build --locked --release

test: web
	$(CARGO) build --locked
	$(CARGO) test --locked
	./tests/case_store/run.sh
	./tests/recompute/run.sh
	./tests/browser/run.sh

check:
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	$(CARGO) clippy --locked --lib --no-default-features -- -D warnings
	$(CARGO) clippy --locked --lib --no-default-features --features engine -- -D warnings
	RUSTDOCFLAGS="-D warnings -A rustdoc::private_intra_doc_links" $(CARGO) doc --locked --no-deps --document-private-items
	@if command -v cargo-deny >/dev/null; then cargo-deny --offline check licenses sources; \
	else echo "cargo-deny is not installed (cargo install cargo-deny): licences and sources not checked"; fi

# Everything, from parsing a period to a series by HTTP. The pure core alone builds in a minute.
bench:
	$(CARGO) bench --locked --bench bench

bench-core:
	$(CARGO) bench --locked --no-default-features --bench bench

# Readers against the running server, beside a bare axum handler with the same bytes: two minutes.
bench-load:
	$(CARGO) bench --locked --bench bench -- load

# The same work on DuckDB and Polars, on the same files in the same run.
bench-peers:
	./benches/peers/run.sh

# Writes data-samples/ anew; a test compares it byte for byte.
sample:
	$(DEMO) sample data-samples --seed 1

recompute:
	./tests/recompute/run.sh

# Every way through the pages in Debian's Chromium; pictures of every page are left in tests/browser/results.
browser:
	./tests/browser/run.sh

# The views of cases over 200,000 reports with bad rows among them, at three instants: some minutes.
recompute-cases:
	CASES=200000 ./tests/recompute/cases.sh
