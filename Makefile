# `make run` sets up, builds and runs the example; `make test` sets up, checks and tests. See README.md.
SHELL := /bin/bash
packages := libsqlite3-dev zlib1g-dev libbz2-dev libsnappy-dev liblz4-dev libzstd-dev liblzo2-dev \
  libbrotli-dev libssl-dev libedit-dev
sources := Package.swift Sources Tests Benchmarks
release := .build/release/honeyguide
# One file that starts quickly: libraries are linked in, and nothing has to be relocated or looked up at the start.
static := $(CURDIR)/.build/static
release_build := swift build -c release --static-swift-stdlib -Xlinker -L$(static) -Xswiftc -Xclang-linker -Xswiftc -no-pie
as_root := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: run test build bench bench-hdfs format check setup tpch interop interop-hdfs fuzz test-large simulate simulate-bugs clean

run: build
	Examples/flights/run.sh $(release)

build: setup
	mkdir -p $(static)
	for name in sqlite3 z bz2 snappy lz4 zstd lzo2 brotlidec brotlienc brotlicommon crypto stdc++; do \
	  archive=$$(ls /usr/lib/*/lib$$name.a /usr/lib/gcc/*/*/lib$$name.a 2> /dev/null | tail -1); \
	  [ -z "$$archive" ] || ln -sf "$$archive" $(static)/; \
	done
	$(release_build) --product honeyguide

test: setup check
	HONEYGUIDE_BENCH=1 swift test --explicit-target-dependency-import-check error

# Everything a machine can say about the text without running it.
check:
	swift format lint --strict --parallel --recursive $(sources)

# Installs the Debian packages that are missing; needs the network only then.
setup:
	@dpkg -s $(packages) > /dev/null 2>&1 || \
	  { $(as_root) apt-get update && $(as_root) apt-get install -y --no-install-recommends $(packages); }

bench: build
	Benchmarks/tpch/run.py --honeyguide $(release)
	Benchmarks/formats/run.py --honeyguide $(release)

# What a NameNode does in a second and what a million files take; writing with three replicas beside cp; scans beside plain files.
bench-hdfs: build
	HONEYGUIDE_BENCH=1 $(release_build) --product hdfsbench
	.build/release/hdfsbench --folder .build/hdfsbench
	Benchmarks/hdfs/scan.py --honeyguide $(release)

# Feeds made-up files to a format's reader, or made-up bytes to a wire of HDFS: make fuzz FORMAT=rcfile SECONDS=60
fuzz: setup
	Tests/Fuzz/run.sh $(FORMAT) $(or $(SECONDS),60)

# The randomized tests at a hundred times their usual size: about 100,000 mutated files for each format.
test-large: setup
	HONEYGUIDE_TEST_SCALE=100 swift test -c release -Xswiftc -enable-testing --filter 'StorageTests|ORCTests|ParquetTests|AvroTests'

# Ten thousand simulated scenarios of HDFS (`make test` runs 200); a failure prints the command that repeats it.
simulate: setup
	SWIFT_DETERMINISTIC_HASHING=1 HONEYGUIDE_SIMULATIONS=$(or $(SIMULATIONS),10000) \
	  nice -n 5 swift test -c release --scratch-path .build-simulate -Xswiftc -enable-testing \
	  --test-product honeyguidePackageTests --filter HDFSSimulationTests

# Shows that the simulations find bugs: with each of those planted in the code, one of the first thousand fails.
simulate-bugs: setup
	for bug in SKIP_FSYNC IGNORE_GENERATION_STAMPS; do \
	  HONEYGUIDE_BUG=$$bug SWIFT_DETERMINISTIC_HASHING=1 HONEYGUIDE_SIMULATIONS=1000 HONEYGUIDE_SIMULATION_EXPECTS_BUG=1 \
	    nice -n 5 swift test --scratch-path .build-bugs --test-product honeyguidePackageTests \
	    --filter RandomScenarioTests || exit 1; \
	done

# Exchanges random tables with real Hive (PySpark's jars; needs Python 3, PyPI and a Java runtime).
interop: build
	@command -v java > /dev/null || $(as_root) apt-get install -y --no-install-recommends openjdk-17-jre-headless
	Tests/Interop/interop.py --honeyguide $(release)

# Has Hadoop's own shell, Spark and Python's hdfs package use our HDFS, and kills daemons meanwhile (PySpark's jars, as above).
interop-hdfs: build
	@command -v java > /dev/null || $(as_root) apt-get install -y --no-install-recommends openjdk-17-jre-headless
	Tests/Interop/hdfs.py --honeyguide $(release)

# All 22 TPC-H queries at scale 1 on the three formats against the stored answers.
tpch: build
	Benchmarks/tpch/run.py --honeyguide $(release) --check --no-peer

format:
	swift format --in-place --parallel --recursive $(sources)

clean:
	swift package clean
