# Everything one does here, from a fresh clone on. `make` lists it.
# Setting up happens by itself, and only when something is missing or changed.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

KILLS ?= 200
FUZZTIME ?= 10s
TEST_TIMEOUT ?= 15m
GOARCH ?= amd64
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

GOLANGCI_LINT_VERSION := v2.15.0
GOVULNCHECK_VERSION := v1.9.0
LINT := .tools/golangci-lint
TOOL := GOFLAGS= GOBIN="$(CURDIR)/.tools" go install

NPM_READY := node_modules/.ready
FONT_HOMES := drivers/paper/font hub/invoice/pdf/font
FONTS := $(foreach home,$(FONT_HOMES),$(home)/NanumGothic_400Regular.ttf $(home)/NanumGothic_700Bold.ttf)
PAGE_CONFIG := index.html package.json svelte.config.js tsconfig.json vite.config.ts
PAGES := edge/ui/dist/index.html hub/ui/dist/index.html
GENERATED := edge/api/openapi.yaml hub/api/openapi.yaml edge/ui/src/api/types.gen.ts hub/ui/src/api/types.gen.ts

.PHONY: help
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Setting up

.PHONY: setup deps-go deps-system ui fonts
setup: deps-system deps-go fonts ui ## fetch and build what is missing (done by itself when needed)

deps-go: .tools/.modules
.tools/.modules: go.mod go.sum
	@command -v go >/dev/null || { echo "Please install Go 1.26 or newer: https://go.dev/dl" >&2; exit 1; }
	go mod download
	@mkdir -p $(@D) && touch $@

deps-system:
	@deploy/check/system.sh compiler browser postgresql mosquitto poppler openssl xmlsec1

$(NPM_READY): package.json package-lock.json edge/ui/package.json hub/ui/package.json .npmrc
	@command -v npm >/dev/null || { echo "Please install Node 20.19 or newer with npm: https://nodejs.org" >&2; exit 1; }
	npm ci
	@touch $@

fonts: $(FONTS)
# Each file lies in a folder named after its weight: 400Regular.
$(FONTS): $(NPM_READY)
	cp node_modules/@expo-google-fonts/nanum-gothic/*/$(@F) $@

ui: $(PAGES) ## build the web pages of box and hub
# Folders are listed too, so that a file taken away also counts as a change.
edge/ui/dist/index.html: $(NPM_READY) $(addprefix edge/ui/,$(PAGE_CONFIG)) $(shell find edge/ui/src edge/ui/public ! -name '*.test.ts')
	npm run --silent build --workspace edge/ui -- --logLevel warn
hub/ui/dist/index.html: $(NPM_READY) $(addprefix hub/ui/,$(PAGE_CONFIG)) $(shell find hub/ui/src hub/ui/public ! -name '*.test.ts')
	npm run --silent build --workspace hub/ui -- --logLevel warn

##@ Working

.PHONY: demo gen fmt golden
demo: deps-go fonts ui ## run a hub and a box with simulated devices and a filled shop
	go run ./deploy/demo

# GEN_DIR is where the files are written: here, or aside for comparing.
GEN_DIR ?= .
gen: deps-go fonts $(NPM_READY) ## write the API descriptions and the types made from them
	@for side in edge hub; do \
		mkdir -p $(GEN_DIR)/$$side/api $(GEN_DIR)/$$side/ui/src/api && \
		go run ./$$side openapi >$(GEN_DIR)/$$side/api/openapi.yaml.new && \
		mv $(GEN_DIR)/$$side/api/openapi.yaml.new $(GEN_DIR)/$$side/api/openapi.yaml && \
		npx --no-install openapi-typescript $(GEN_DIR)/$$side/api/openapi.yaml --root-types --alphabetize $$(test $$side = edge && echo --root-types-no-schema-prefix) \
			-o $(GEN_DIR)/$$side/ui/src/api/types.gen.ts || exit 1; \
	done

fmt: $(LINT) $(NPM_READY) ## format Go, TypeScript, Svelte and CSS
	$(LINT) fmt
	npm run --silent format

golden: deps-go fonts ## write the golden files anew; read the difference before committing
	go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' drivers edge hub protocol | xargs -n 1 dirname | sort -u | sed 's|^|./|') -update

##@ Testing

.PHONY: test test-go test-ui test-quick e2e fuzz torture bench cover
test: setup test-go test-ui e2e ## every test: Go with the race detector, pages, real browser

test-go: setup
	CGO_ENABLED=1 go test -race -shuffle=on -timeout $(TEST_TIMEOUT) ./...

test-ui: $(NPM_READY)
	npm run test

test-quick: deps-go fonts ## Go tests without the race detector, cached, for while you work
	go test -timeout $(TEST_TIMEOUT) ./...

e2e: setup ## real box, hub and simulators driven by a real browser
	npm run e2e

fuzz: deps-go fonts ## every fuzz target for FUZZTIME (10s)
	@grep -rn --include='*_test.go' -E '^func Fuzz[A-Za-z0-9_]+' drivers edge hub protocol | \
		sed -E 's|^(.*)/[^/]*:[0-9]+:func (Fuzz[A-Za-z0-9_]+).*|\1 \2|' | \
		while read -r folder name; do \
			echo "$$folder $$name" && \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x "./$$folder" </dev/null || exit 1; \
		done

torture: setup ## kill box and hub KILLS (200) times while they sell, then compare all books
	go run ./deploy/torture -kills $(KILLS)

bench: setup ## measure against bare SQLite, Mosquitto and RSA on this machine
	go run ./deploy/bench

cover: setup ## which lines the Go tests reach, as .build/cover.html
	@mkdir -p .build
	go test -timeout $(TEST_TIMEOUT) -coverpkg=./edge/...,./hub/...,./drivers/...,./protocol/... -coverprofile=.build/cover.out ./...
	go tool cover -html=.build/cover.out -o .build/cover.html
	@go tool cover -func=.build/cover.out | tail -n 1

##@ Checking

.PHONY: check lint check-ui check-gen check-sizes check-tidy vuln
check: lint check-ui check-sizes check-tidy check-gen ## lint, format, types, sizes, generated files fresh

lint: $(LINT) deps-go fonts ## the Go linters, with the walls between rooms
	$(LINT) config verify
	$(LINT) run ./...

check-ui: $(NPM_READY)
	npm run check
	npm run lint
	npm run format:check

check-sizes:
	deploy/check/sizes.sh

check-tidy: deps-go
	go mod tidy -diff

check-gen:
	@rm -rf .build/gen
	@$(MAKE) --no-print-directory gen GEN_DIR=.build/gen
	@for file in $(GENERATED); do \
		diff -u $$file .build/gen/$$file || { echo "$$file is stale: run make gen" >&2; exit 1; }; \
	done
	@echo "generated files are fresh"

vuln: deps-go fonts $(NPM_READY) .tools/.govulncheck-$(GOVULNCHECK_VERSION) ## known vulnerabilities (asks the network)
	.tools/govulncheck ./...
	npm audit --omit=dev

$(LINT): .tools/.golangci-lint-$(GOLANGCI_LINT_VERSION)
.tools/.golangci-lint-$(GOLANGCI_LINT_VERSION):
	@echo "Building golangci-lint $(GOLANGCI_LINT_VERSION), once; this takes a few minutes."
	@mkdir -p .tools
	$(TOOL) github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	@touch $@
.tools/.govulncheck-$(GOVULNCHECK_VERSION):
	@mkdir -p .tools
	$(TOOL) golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION)
	@touch $@

##@ Releasing

.PHONY: build build-arm64 clean
build: deps-go fonts ui ## release binaries into .build/linux-GOARCH (amd64)
	@for side in edge hub; do \
		CGO_ENABLED=0 GOOS=linux GOARCH=$(GOARCH) go build -trimpath -tags nomsgpack \
			-ldflags '-s -w -X main.version=$(VERSION)' \
			-o .build/linux-$(GOARCH)/shopbox-$$side ./$$side || exit 1; \
	done
	@ls -l .build/linux-$(GOARCH)

build-arm64: ## the same for 64-bit ARM boxes
	@$(MAKE) --no-print-directory build GOARCH=arm64

clean: ## remove everything built or fetched into this folder
	rm -rf .build .tools node_modules edge/ui/node_modules hub/ui/node_modules edge/ui/dist/* hub/ui/dist/* $(FONTS)
