# `make` on a Debian 12 with a Swift toolchain installs what is missing and builds the release binary.
# `make help` lists the targets. YES=1 (or CI set) installs packages without asking.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.DEFAULT_GOAL := all

PREFIX ?= /usr/local
DESTDIR ?=
PYTHON ?= /usr/bin/python3
FUZZ_COUNT ?= 1000000
FILTER ?=
BENCH ?=
TRUTH ?=
COVERAGE_MINIMUM ?= 80

BINARY := .build/release/stampede
PROGRESS := scripts/progress
export STAMPEDE_PYTHON := $(PYTHON)
export CI YES
# `stampede version` names it; empty outside a git clone.
export STAMPEDE_COMMIT := $(shell git describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null)

.PHONY: all setup build debug demo demo-local up down compose-check test lint bench truth fuzz install coverage hooks clean help \
  toolchain setup-test setup-lint setup-bench setup-cluster

all: setup build ## install what is missing, build the release binary (default)

setup: ## install the packages that a build needs
	@scripts/setup build

toolchain:
	@scripts/setup --check

build: toolchain ## release binary: .build/release/stampede
	@$(PROGRESS) "building stampede (release)" -- swift build -c release --product stampede
	@echo "The binary is $(CURDIR)/$(BINARY) (try: make demo)"

debug: toolchain ## debug binary: .build/debug/stampede
	@$(PROGRESS) "building stampede (debug)" -- swift build --product stampede
	@echo "The binary is $(CURDIR)/.build/debug/stampede"

setup-cluster:
	@scripts/setup build cluster

demo: setup-cluster build ## a whole cluster, a test through it, its result by REST, SQL and terminal
	@scripts/cluster/demo $(BINARY)

demo-local: setup build ## without servers: a target, an attack and a run against it, and where their files are
	@scripts/demo-local $(BINARY)

up: setup-cluster build ## a cluster that stays, in .cluster; ALLOW=127.0.0.1:8000 lets it attack that port here
	@scripts/cluster/up $(BINARY)

down: ## ends that cluster; WIPE=1 removes its data, too
	@scripts/cluster/down $(if $(WIPE),--wipe)

compose-check: ## docker-compose.yml with podman-compose on stand-in images: up, a test, SQL, down (minutes)
	@scripts/setup build cluster compose
	@scripts/compose/check

setup-test:
	@scripts/setup build lint test

test: setup-test ## everything; FILTER=regex runs a part; names what was skipped
	@scripts/test "$(FILTER)"

setup-lint:
	@scripts/setup build lint

lint: setup-lint ## format, layers, sizes, forbidden words
	@scripts/lint/all

setup-bench:
	@scripts/setup build lint bench

bench: setup-bench build ## cost, rate, memory and pacing beside wrk, hey, ab and h2load; BENCH=--quick
	@scripts/bench/run $(BENCH)

truth: setup-cluster build ## what it reports, beside targets whose delays are known; TRUTH=--quick
	@/usr/bin/python3 scripts/truth/run $(BINARY) $(TRUTH)

fuzz: setup-test ## mutations of what is decoded, FUZZ_COUNT=1000000 of each kind
	@scripts/fuzz $(FUZZ_COUNT)

install: ## PREFIX=/usr/local DESTDIR= : binary, completion, man page
	@scripts/install $(BINARY) "$(DESTDIR)$(PREFIX)"

coverage: setup-test ## lines of Sources/Pure covered by the tests; fails below COVERAGE_MINIMUM=80
	@scripts/coverage $(COVERAGE_MINIMUM)

hooks: ## switch the pre-commit check on for this clone
	@git config core.hooksPath .githooks
	@echo "pre-commit now runs 'make lint' (git commit --no-verify skips it once)"

clean: ## remove what was built
	@rm -rf .build .build-*
	@echo "removed .build"

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
