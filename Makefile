# Everything from a fresh checkout. Each target installs what it needs and can be run again.

.PHONY: demo quick test bench lint

demo:
	scripts/install build
	cargo run --locked --package app -- demo $(ARGS)

quick:
	scripts/install build
	scripts/quick

test:
	scripts/install test
	scripts/test

bench:
	scripts/install bench
	scripts/bench

lint:
	scripts/install lint
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	scripts/licences --check
	scripts/build-tag --check
	if cargo deny --version >/dev/null 2>&1; then cargo deny --locked check licenses bans sources; fi
