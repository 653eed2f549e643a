# `make run` and `make test` are all that a newcomer needs; both install what is missing.
SWIFT ?= swift
PATHS := Package.swift Sources Tests Benchmarks

.PHONY: help run test test-rabbitmq bench-storage build format format-check clean deps

help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-15s %s\n", $$1, $$2 }'

deps:
	@tools/install-dependencies.sh

build: deps ## Build everything, tests included
	$(SWIFT) build --build-tests

# The debug build: it starts minutes sooner than a release build the first time, and `make test` uses the same.
run: deps ## Start the whole stack in one process; PORT=… and other settings come from the environment
	$(SWIFT) build --product ImageService
	@exec "$$($(SWIFT) build --show-bin-path)/ImageService" dev

test: build ## Run all tests
	$(SWIFT) test --skip-build

test-rabbitmq: build ## Run the integration and API tests against a RabbitMQ of their own
	@tools/install-dependencies.sh rabbitmq
	tools/with-rabbitmq.sh $(SWIFT) test --skip-build --filter 'IntegrationTests|APITests'

# Each in a process of its own, so that the memory it prints is that of one store.
bench-storage: deps ## Measure the storage side on the memory store and on the durable one
	$(SWIFT) build -c release --product StorageBenchmark
	@bench="$$($(SWIFT) build -c release --show-bin-path)/StorageBenchmark"; status=0; \
	for store in memory durable; do \
		"$$bench" creates $$store 50000 || status=1; "$$bench" pages $$store 1000000 || status=1; \
	done; exit $$status

format: ## Format all Swift sources
	$(SWIFT) format format --in-place --parallel --recursive $(PATHS)

format-check: ## Fail where a source is not formatted
	$(SWIFT) format lint --strict --parallel --recursive $(PATHS)

clean: ## Remove everything that was built
	$(SWIFT) package clean
	rm -rf .build
