# Everything a user or a developer starts from here. `make` or `make help` lists the targets.

PYTHON  ?= /usr/bin/python3
QGIS    ?= qgis
DATA    ?= ../shared/data/berlin
PROFILE ?=
SUITE   ?=
PYTEST_ARGS ?=

OFFSCREEN = QT_QPA_PLATFORM=offscreen QGIS_DISABLE_MESSAGE_HOOKS=1 XDG_RUNTIME_DIR=$(CURDIR)/build/runtime PYTHONNOUSERSITE=1

ifeq ($(LC_ALL)$(LC_CTYPE)$(LANG),)
export LANG := C.UTF-8
endif

.DEFAULT_GOAL := help
.PHONY: help demo demo-berlin run test install package lint bench test-matrix screenshots clean dependencies runtime-dir

help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  make %-12s %s\n", $$1, $$2}'

demo: dependencies runtime-dir package  ## the whole job on the invented sample city, results in build/demo/
	@$(OFFSCREEN) $(PYTHON) sample_data/run_demo.py musterstadt build/demo

demo-berlin: dependencies runtime-dir package  ## the same job on Berlin's published tables (DATA=folder), results in build/demo-berlin/
	@$(OFFSCREEN) $(PYTHON) sample_data/run_demo.py berlin "$(DATA)" build/demo-berlin

run: dependencies package  ## QGIS with the plugin and the demo project
	@test -f build/demo/musterstadt.qgz || $(MAKE) --no-print-directory demo
	@QGIS="$(QGIS)" .ci/qgis --project build/demo/musterstadt.qgz

test: runtime-dir  ## every test (installs what is missing; PYTEST_ARGS="-k join" to choose)
	@.ci/install test
	@$(PYTHON) .ci/package.py
	@LC_ALL=C.UTF-8 $(OFFSCREEN) $(PYTHON) -m pytest $(PYTEST_ARGS)

install: dependencies package  ## the plugin into your QGIS profile (PROFILE=name or folder; without it: default)
	@$(PYTHON) .ci/install_plugin.py $(if $(PROFILE),"$(PROFILE)")

package:  ## build/teilhabe/ (QGIS_PLUGINPATH=build loads it) and build/teilhabe-<version>.zip
	@.ci/install package
	@$(PYTHON) .ci/package.py

lint:  ## style, security, secrets, house plan, translations, metadata
	@.ci/install package
	@.ci/lint

bench: dependencies runtime-dir package  ## speed as ratios to a plain yardstick
	@.ci/rivals
	@$(OFFSCREEN) $(PYTHON) tests/bench/run.py

test-matrix:  ## all tests on QGIS 3.22, 3.40 and 3.44 (SUITE=bookworm, trixie or testing for one)
	@.ci/matrix $(SUITE)

screenshots: dependencies package  ## every window in German as PNG, the workshop tab by tab, in build/screenshots/
	@.ci/install test
	@test -f build/demo/musterstadt.qgz || $(MAKE) --no-print-directory demo
	@test ! -d "$(DATA)" || test -f build/demo-berlin/berlin.qgz || $(MAKE) --no-print-directory demo-berlin
	@QGIS="$(QGIS)" .ci/screenshots

clean:  ## remove build/
	rm -rf build

dependencies:
	@.ci/install

runtime-dir:
	@mkdir -p -m 700 build/runtime
