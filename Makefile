# A fresh machine is Debian with cargo, make and a C compiler. Everything else the targets fetch as packages, or they
# say what is missing and carry on without it where they can.
.PHONY: demo build test check bench sample recompute recompute-cases

CARGO := cargo
# Unoptimised planning code, optimised enough to serve: the cheapest profile that runs the sample well, and the one the
# tests use, so that the dependencies are built once for both.
DEMO := $(CARGO) run --locked --quiet --

demo:
	@echo "Building (the first time takes a while: see README) ..."
	$(CARGO) build --locked
	$(DEMO) demo

build:
	$(CARGO) build --locked --release

test:
	$(CARGO) build --locked
	$(CARGO) test --locked
	./tests/case_store/run.sh
	./tests/recompute/run.sh

check:
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings
	$(CARGO) clippy --locked --lib --no-default-features -- -D warnings
	$(CARGO) clippy --locked --lib --no-default-features --features engine -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --locked --no-deps --document-private-items
	@if command -v cargo-deny >/dev/null; then cargo-deny --offline check licenses sources; \
	else echo "cargo-deny is not installed (cargo install cargo-deny): licences and sources not checked"; fi

# The benches are of the pure core, so they build without the engine.
bench:
	$(CARGO) bench --locked --no-default-features

# Writes data-samples/ anew; a test compares it byte for byte.
sample:
	$(DEMO) sample data-samples --seed 1

recompute:
	./tests/recompute/run.sh

# The views of cases over 200,000 reports with bad rows among them, at three instants: some minutes.
recompute-cases:
	CASES=200000 ./tests/recompute/cases.sh
