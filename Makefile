# `make run` and `make test` are all that a newcomer needs; both install what is missing.
SWIFT ?= swift
PATHS := Package.swift Sources Tests Benchmarks

# lld packs relocations (RELR, known to glibc since 2.36), and nobody asks for a program's symbols: a fifth less memory.
SWIFT_RELEASE := $(SWIFT) build -c release --static-swift-stdlib -Xswiftc -use-ld=lld \
	-Xlinker -z -Xlinker pack-relative-relocs -Xlinker --no-export-dynamic

.PHONY: help run test test-checker test-rabbitmq test-foreign test-foreign-long test-foreign-rabbitmq \
	test-pages test-examples check-spec test-pngsuite foreign-clients bench-hub bench-storage bench-service build \
	format format-check clean deps

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-22s %s\n", $$1, $$2 }'

deps:
	@tools/install-dependencies.sh

build: deps ## Build everything, tests included
	$(SWIFT) build --build-tests

# The debug build: it starts minutes sooner than a release build the first time, and `make test` uses the same.
run: deps ## Start the whole stack in one process; PORT=… and other settings come from the environment
	$(SWIFT) build --product ImageService
	@exec "$$($(SWIFT) build --show-bin-path)/ImageService" dev

# Left alone, all tests of a run begin at once; on a small machine some that only compute then keep those that talk to
# one another from their turn, until somebody's patience is over. So two at a time. The table of faults, whose rows follow
# one another, has a run of its own.
RUN_TESTS = SWIFT="$(SWIFT)" tools/run-tests.sh --skip-build --experimental-maximum-parallelization-width 2

test: build ## Run all tests
	@rm -f .build/failed-tests; failed=0; \
	$(RUN_TESTS) --skip 'HubSimTests|FaultTableTests' || failed=1; \
	$(RUN_TESTS) --filter HubSimTests || failed=1; \
	$(RUN_TESTS) --filter FaultTableTests || failed=1; \
	[ $$failed = 0 ] || { printf '\n== What failed ==\n'; tail -n 200 .build/failed-tests; }; \
	exit $$failed

test-checker: deps ## Hold the checker against every known mistake (a release build; then two minutes on two cores)
	$(SWIFT_RELEASE) --product StorageConformance
	"$$($(SWIFT_RELEASE) --show-bin-path)/StorageConformance" --self-test

test-rabbitmq: build ## Run the integration and API tests, and HubSim beside it, against a RabbitMQ of their own
	@tools/install-dependencies.sh rabbitmq
	tools/with-rabbitmq.sh $(SWIFT) test --skip-build --filter 'IntegrationTests|APITests|ComparisonTests' \
		--skip SelfTestTests
	WITH_MANAGEMENT=1 tools/with-rabbitmq.sh python3 Tests/Foreign/management/compare.py "$$($(SWIFT) build --show-bin-path)/HubSimServer"

# One run, all hubs in turn: the ratios hold on any machine, the figures only on the one that made them.
bench-hub: deps ## Measure HubSim beside RabbitMQ and GarageMQ, and hold it to what it promises
	@tools/install-dependencies.sh rabbitmq
	$(SWIFT_RELEASE) --product HubSimServer
	$(SWIFT_RELEASE) --product HubStartBenchmark
	$(CC) -std=gnu17 -O2 -Wall -Wextra -D_GNU_SOURCE -pthread Benchmarks/HubLoad/*.c \
		$$(pkg-config --cflags --libs librabbitmq) -o .build/hub-load
	@bin="$$($(SWIFT_RELEASE) --show-bin-path)"; \
	tools/with-rabbitmq.sh Benchmarks/bench_hub.py --load .build/hub-load \
		--server "$$bin/HubSimServer" --in-process "$$bin/HubStartBenchmark"

# The clients of others: their pinned packages and tests come from PyPI, into .build/foreign (docs/foreign-suites.md).
FOREIGN = python3 Tests/Foreign/run.py --hub-program "$$($(SWIFT) build --show-bin-path)/HubSimServer"

foreign-clients: deps
	@tools/install-dependencies.sh foreign
	@Tests/Foreign/install.sh

test-foreign: foreign-clients ## Let the test suites of other AMQP clients, and scripts that use them, judge HubSim
	$(SWIFT) build --product HubSimServer
	$(FOREIGN)

test-foreign-long: foreign-clients ## The suites that take many minutes: aiormq, aio-pika
	$(SWIFT) build --product HubSimServer
	$(FOREIGN) long

test-foreign-rabbitmq: foreign-clients ## The scripts of test-foreign on RabbitMQ, to prove that they ask for the right thing
	@tools/install-dependencies.sh rabbitmq
	tools/with-rabbitmq.sh sh -c 'exec python3 Tests/Foreign/run.py --hub-url "$$TEST_HUB_URL" clients'

# The examples of the documentation, as they stand there, with Debian's Python, pika and pytest.
test-examples: deps ## Run the examples of the documentation: clients in pytest and shell, the service in Python
	@tools/install-dependencies.sh examples
	$(SWIFT) build --product StorageSimulator
	$(SWIFT) build --product ImageService
	$(SWIFT) build --product StorageConformance
	/usr/bin/python3 Tests/Foreign/examples/run.py "$$($(SWIFT) build --show-bin-path)"
	/usr/bin/python3 Tests/Foreign/examples/storage_service.py "$$($(SWIFT) build --show-bin-path)"

# Debian's Python, yaml and jsonschema; what follows from the rest is written by `tools/check_spec.py --write`.
check-spec: ## Hold the protocol's document, requirements, schemas, AsyncAPI, examples and guide to each other
	@tools/install-dependencies.sh spec
	/usr/bin/python3 tools/check_spec.py
	cd tools && /usr/bin/python3 -m unittest -q spec.test_check_spec

test-pngsuite: build ## Hold the checks of PNG against PngSuite, as far as Debian's and PyPI's packages have it
	tools/fetch-pngsuite.sh .build/pngsuite
	PNGSUITE_FOLDER="$(CURDIR)/.build/pngsuite" $(SWIFT) test --skip-build --filter PNGSuiteTests

test-pages: deps ## Look at the pages with a headless Chromium, at the width of a desk and of a phone
	@tools/install-dependencies.sh pages
	$(SWIFT) build --product HubSimServer
	$(SWIFT) build --product ImageService
	@bin="$$($(SWIFT) build --show-bin-path)"; pages=Tests/Foreign/pages; shots=.build/screenshots; set -ex; \
	/usr/bin/python3 $$pages/test_hub_page.py "$$bin/HubSimServer" $$shots; \
	/usr/bin/python3 $$pages/test_storage_page.py "$$bin/ImageService" $$shots; \
	/usr/bin/python3 $$pages/test_gallery_page.py "$$bin/ImageService" $$shots

# Each in a process of its own, so that the memory it prints is that of one store.
bench-storage: deps ## Measure the storage side on the memory store and on the durable one
	$(SWIFT_RELEASE) --product StorageBenchmark
	$(SWIFT_RELEASE) --product StorageSimulator
	@bin="$$($(SWIFT_RELEASE) --show-bin-path)"; bench="$$bin/StorageBenchmark"; status=0; \
	for store in memory durable; do \
		"$$bench" creates $$store 50000 || status=1; "$$bench" pages $$store 1000000 || status=1; \
		"$$bench" start $$store "$$bin/StorageSimulator" || status=1; \
		"$$bench" idle $$store "$$bin/StorageSimulator" || status=1; \
	done; exit $$status

# Every promise is a ratio within the run, or a memory limit; CPU time is that of the service's process alone.
bench-service: deps ## Measure the Image Service, and hold it to what it promises
	for product in ImageService StorageSimulator ServiceBenchmark; do \
		$(SWIFT_RELEASE) --product $$product || exit 1; \
	done
	$(CC) -std=gnu17 -O2 -Wall -Wextra -D_GNU_SOURCE -pthread Benchmarks/ServiceLoad/http_load.c -o .build/http-load
	$(CC) -std=gnu17 -O2 -Wall -Wextra -D_GNU_SOURCE -pthread Benchmarks/ServiceLoad/png_decode.c \
		$$(pkg-config --cflags --libs libpng) -o .build/png-decode
	Benchmarks/bench_service.py --programs "$$($(SWIFT_RELEASE) --show-bin-path)" \
		--load .build/http-load --decode .build/png-decode

# Some files at a time: the formatter opens all that it is given at once, and a shell may allow 1,024.
format: ## Format all Swift sources
	find $(PATHS) -name '*.swift' -print0 | xargs -0 -n 400 $(SWIFT) format format --in-place --parallel

format-check: ## Fail where a source is not formatted
	find $(PATHS) -name '*.swift' -print0 | xargs -0 -n 400 $(SWIFT) format lint --strict --parallel

clean: ## Remove everything that was built
	$(SWIFT) package clean
	rm -rf .build
