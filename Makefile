# Dateline. `make` lists what there is.
SHELL := /bin/bash -eu -o pipefail
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
PKG     := github.com/dateline-news/dateline/pkg
LDFLAGS := -X $(PKG)/telemetry.version=$(VERSION)
TOOLS   := $(CURDIR)/.bin
MODULES := proto pkg services
# The race detector needs a C compiler; without one the tests run all the same.
RACE    := $(shell command -v cc >/dev/null 2>&1 && echo -race)

export PATH := $(TOOLS):$(PATH)

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## build, then see it work: dateline up --demo
	@bin/dateline up --demo

.PHONY: build
build: ## build the four programs into bin/
	@mkdir -p bin
	@go build -trimpath -ldflags '$(LDFLAGS)' -o bin/ ./services/dateline ./services/fetcher ./services/parser ./services/enricher

.PHONY: test
test: ## the whole test suite
	go test $(RACE) -shuffle=on -timeout 20m work

.PHONY: chaos
chaos: ## break every part while known articles flow; writes docs/reliability.md's table; an hour, Linux, root for all of it
	cd services && go test -count=1 -timeout 3h -v ./dateline/chaos -args -chaos.full -chaos.report $(CURDIR)/docs/reliability.md

.PHONY: soak
soak: ## SOAK (default 30m) at 70 % of the sustainable rate: nothing may grow; writes docs/reliability.md's table and plot; Linux only
	@go build -o bin/bench ./services/dateline/bench
	@bin/bench -soak $${SOAK:-30m} -report docs/reliability.md -plot docs/images/soak.svg

.PHONY: bench
bench: ## benchmarks, and the end-to-end figures
	@for m in $(MODULES); do (cd $$m && go test -run '^$$' -bench . -benchmem ./...); done
	@go run ./services/dateline/bench

.PHONY: eval
eval: ## quality on evaluation data in the folder DATA, next to other programs
	@test -n "$(DATA)" || { echo 'say where the data are: make eval DATA=/path/to/eval' >&2; exit 2; }
	@tools/eval.sh $(DATA)

.PHONY: bench-scale
bench-scale: ## SCALE feeds (default 100000) on one broker: lag, memory, CPU, restart; half an hour, Linux only
	@go run ./services/dateline/bench -scale $${SCALE:-100000}

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME each (default 30s)
	@tools/fuzz.sh $${FUZZTIME:-30s}

.PHONY: corpus
corpus: ## keep, of what make fuzz has found, the inputs that reach code which no seed reaches
	@cd tools && GOWORK=off go build -o $(TOOLS)/corpus ./corpus
	@corpus

.PHONY: lint
lint: tools rooms ## formatting, vet, staticcheck, import rules, no half-merged file
	@if git grep -nE '^(<{7}|>{7}) '; then echo 'a merge was left half done: choose a side' >&2; exit 1; fi
	@files=$$(gofumpt -l $(MODULES) tools); test -z "$$files" || { printf '%s\n' "$$files" 'run: make fmt' >&2; exit 1; }
	go vet work
	staticcheck work
	cd tools && GOWORK=off go vet ./corpus && GOWORK=off staticcheck ./corpus
	cd tools/eval && GOWORK=off go vet ./... && GOWORK=off staticcheck ./...

.PHONY: fmt
fmt: tools ## format all Go code
	gofumpt -w $(MODULES) tools

.PHONY: vuln
vuln: tools ## look up what the programs call in the Go vulnerability database (GOVULNDB names another than vuln.go.dev)
	@tools/vuln.sh $(MODULES)

.PHONY: rules
rules: ## check Prometheus' rules and alerts, and run their unit tests (needs promtool)
	promtool check config deploy/prometheus/prometheus.yml
	promtool test rules deploy/prometheus/tests/*.yml

MINUTES ?= 30

.PHONY: pictures
pictures: ## docs/images of the Grafana dashboards, over the last MINUTES of the PROMETHEUS at an address (needs npm, chromium)
	@test -n "$(PROMETHEUS)" || { echo 'say which one: make pictures PROMETHEUS=http://127.0.0.1:9090' >&2; exit 2; }
	cd tools/dashboards && npm ci --ignore-scripts --no-audit --no-fund && node draw.mjs --prometheus $(PROMETHEUS) --minutes $(MINUTES)

.PHONY: rooms
rooms: ## check who may import whom
	@tools/rooms.sh

.PHONY: generate
generate: tools ## regenerate Go and JSON Schema from the contract
	@tools/generate.sh

.PHONY: verify
verify: generate contract config-doc ## fail if generated files are not as committed
	@git diff --exit-code -- proto docs/configuration.md || { echo 'generated files differ: commit what make generate config-doc gave' >&2; exit 1; }
	@test -z "$$(git status --porcelain -- proto docs/configuration.md)" || { git status --short -- proto docs; exit 1; }

.PHONY: config-doc
config-doc: ## regenerate docs/configuration.md
	@go run ./services/dateline config reference --markdown > docs/configuration.md

.PHONY: contract
contract: tools ## check the contract: style, and no change that breaks consumers
	buf lint proto
	buf breaking proto --against proto/released.binpb

.PHONY: release-contract
release-contract: tools ## make the present contract the one that later changes are held to
	buf build proto -o proto/released.binpb

.PHONY: data
data: ## rebuild the generated data files from their published sources (needs go and npm)
	@tools/data.sh

.PHONY: deploy-check
deploy-check: tools ## what is in deploy/ against Helm, Kubernetes' types, Compose, BuildKit, systemd, nats-server; a build that is the same twice, and signed
	cd tools/deploycheck && GOWORK=off go vet ./... && GOWORK=off staticcheck ./... && GOWORK=off go test -timeout 30m ./...

.PHONY: chart
chart: ## copy rules, alerts and dashboards into the Helm chart, which can read no files but its own
	@rm -rf deploy/helm/dateline/files && mkdir -p deploy/helm/dateline/files/prometheus
	@cp -r deploy/prometheus/rules deploy/prometheus/alerts deploy/helm/dateline/files/prometheus/
	@cp -r deploy/grafana/dashboards deploy/helm/dateline/files/

PLATFORMS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64

.PHONY: dist
dist: ## static programs for every platform, packed, with SBOM and checksums, into dist/; SIGN_KEY=FILE signs them
	@ARCHIVE=1 tools/dist.sh dist $(VERSION) $(PLATFORMS)

.PHONY: tidy
tidy: ## tidy the go.mod files
	@tools/tidy.sh

.PHONY: tools
tools: $(TOOLS)/.stamp

$(TOOLS)/.stamp: tools/go.mod tools/go.sum
	@mkdir -p $(TOOLS)
	cd tools && GOWORK=off GOBIN=$(TOOLS) go install tool
	@touch $@
