import HoneyCore
import HoneyWorld

/// Reading the directories, and what is due from time to time.
extension NameNode {
    /// What one directory knows, before any is chosen.
    private struct Candidate {
        var version: StorageVersion?
        var loader: NamespaceLoader
        /// The transaction after the last one in it; nil when it has not all.
        var next: Int?

        var directory: StorageDirectory { loader.directory }
    }

    func start() throws {
        var candidates = try survey()
        guard candidates.contains(where: { $0.loader.listing.isFormatted }) else { return try startEmpty(candidates) }
        let version = try version(of: candidates)
        let (namespace, answers, outcome) = try load(&candidates, version)
        var lags = false
        for index in candidates.indices {
            if candidates[index].version == nil { try candidates[index].directory.format(version) }
            let keeps = candidates[index].next == outcome.nextTransaction
            try candidates[index].loader.finish(keeps: keeps)
            lags = lags || !keeps || !candidates[index].loader.damagedImages.isEmpty
        }
        let log = EditLog(
            candidates.map(\.directory), version: version, nextTransaction: outcome.nextTransaction,
            lastImage: outcome.image)
        loaded = Loaded(namespace: namespace, log: log, answers: answers)
        if lags || log.lastTransaction - outcome.image >= configuration.checkpointTransactions {
            for candidate in candidates { try candidate.loader.removeDamagedImages() }
            try log.saveImage(of: namespace, answers: answers, complain)
        }
        try begin(log)
        effects.log(
            .info, "read \(namespace.inodeCount) files and directories up to transaction \(log.lastTransaction)")
    }

    /// Hears of storage directories that are dropped.
    var complain: (String) -> Void { { [effects] in effects.log(.error, $0) } }

    /// Lists every directory; one that cannot be listed is dropped.
    private func survey() throws -> [Candidate] {
        var candidates: [Candidate] = []
        var failure: (any Error)?
        for disk in disks {
            let directory = StorageDirectory(disk)
            do {
                candidates.append(
                    Candidate(version: try directory.readVersion(), loader: try NamespaceLoader(directory)))
            } catch {
                failure = error
                complain("storage directory \(disk.name) is dropped: \(error)")
            }
        }
        if let failure, !candidates.contains(where: { $0.loader.listing.isFormatted }) { throw failure }
        guard !candidates.isEmpty else {
            throw HoneyError(.environment, "NO_STORAGE", "a NameNode needs a storage directory")
        }
        return candidates
    }

    private func version(of candidates: [Candidate]) throws -> StorageVersion {
        let formatted = candidates.filter { $0.loader.listing.isFormatted }
        guard let version = formatted.lazy.compactMap(\.version).first else {
            throw HoneyError.damaged("storage directory has no VERSION", path: formatted[0].directory.place("current"))
        }
        for candidate in candidates {
            guard let other = candidate.version, other.namespaceID != version.namespaceID else { continue }
            throw HoneyError.damaged(
                "storage directory belongs to another name space", path: candidate.directory.place("current/VERSION"))
        }
        return version
    }

    /// Reads the directory that has most, and what others in step with it have more; those that cannot be read are dropped.
    private func load(
        _ candidates: inout [Candidate], _ version: StorageVersion
    ) throws -> (Namespace, RetryCache, NamespaceLoader.Outcome) {
        let newest = candidates.map(\.loader.lastNamedTransaction).max() ?? 0
        var failure: (any Error)?
        func drop(_ index: Int, _ error: any Error) {
            failure = failure ?? error
            complain("storage directory \(candidates[index].directory.disk.name) is dropped: \(error)")
            candidates.remove(at: index)
        }
        var index = 0
        while index < candidates.count {
            guard candidates[index].loader.listing.isFormatted, candidates[index].loader.lastNamedTransaction == newest
            else {
                index += 1
                continue
            }
            let namespace = makeNamespace(version)
            var answers = RetryCache(lifetime: configuration.retryLifetime)
            var outcome: NamespaceLoader.Outcome
            do {
                outcome = try candidates[index].loader.load(into: namespace, answers: &answers, complain)
            } catch {
                drop(index, error)
                continue
            }
            candidates[index].next = outcome.nextTransaction
            index += 1
            while index < candidates.count {
                guard candidates[index].loader.listing.isFormatted,
                    candidates[index].loader.lastNamedTransaction == newest
                else {
                    index += 1
                    continue
                }
                let before = outcome.nextTransaction
                do {
                    candidates[index].next = try candidates[index].loader.readOn(from: before) { transaction in
                        try namespace.replay(transaction, answers: &answers)
                        outcome.nextTransaction = transaction.id + 1
                    }
                    index += 1
                } catch {
                    guard outcome.nextTransaction == before else { throw error }
                    drop(index, error)
                }
            }
            return (namespace, answers, outcome)
        }
        throw failure ?? HoneyError(.environment, "NO_STORAGE", "a NameNode needs a storage directory")
    }

    private func startEmpty(_ candidates: [Candidate]) throws {
        guard configuration.formatsEmptyDirectories || candidates.contains(where: { $0.version != nil }) else {
            throw HoneyError(
                .environment, "NOT_FORMATTED",
                "storage directory has no name space: \(candidates[0].directory.disk.name)")
        }
        let version =
            candidates.lazy.compactMap(\.version).first
            ?? StorageVersion(formattedAt: now.wallMilliseconds, host: configuration.host, random: &random)
        let directories = candidates.map(\.directory)
        for directory in directories { try directory.format(version) }
        let namespace = makeNamespace(version)
        let log = EditLog(directories, version: version, nextTransaction: 1, lastImage: 0)
        let answers = RetryCache(lifetime: configuration.retryLifetime)
        loaded = Loaded(namespace: namespace, log: log, answers: answers)
        try log.saveImage(of: namespace, answers: answers, complain)
        try begin(log)
        effects.log(.info, "made a new name space: \(version.clusterID)")
    }

    func makeNamespace(_ version: StorageVersion) -> Namespace {
        let blocks = BlockManager(
            configuration: configuration.blocks, pool: version.blockPoolID, random: random.split())
        blocks.owner = self
        blocks.identity = NamespaceIdentity(
            namespaceID: version.namespaceID, clusterID: version.clusterID,
            creationMilliseconds: version.creationTime)
        let leases = Leases()
        leases.now = now.monotonicNanoseconds
        return Namespace(
            blocks: blocks, leases: leases, owner: configuration.superuser, group: configuration.supergroup,
            created: now.wallMilliseconds)
    }

    private func begin(_ log: EditLog) throws {
        lastCheckpoint = now.monotonicNanoseconds
        try log.startSegment(complain)
        loaded!.blocks.becomeActive()
        activeSince = now.monotonicNanoseconds
        lastBlockIDAtStart = loaded!.namespace.lastBlockID
        // A name space without blocks leaves safe mode with this first tick.
        loaded!.blocks.safeMode.start()
        loaded!.blocks.tick(now)
    }

    func tick() throws {
        guard let loaded else { return }
        loaded.blocks.tick(now)
        closeIdleConnections()
        if !loaded.blocks.safeMode.isOn { checkLeases() }
        let since = loaded.log.lastTransaction - loaded.log.lastImage
        let isDue = now.monotonicNanoseconds - lastCheckpoint >= configuration.checkpointPeriod
        if since >= configuration.checkpointTransactions || (isDue && since > 100_000) { try checkpoint() }
    }

    /// Writes an image with all there is; tells the transaction it ends with.
    @discardableResult
    func checkpoint() throws -> Int {
        guard let loaded else { return 0 }
        try commit(answering: nil)
        try loaded.log.finishSegment(complain)
        try loaded.log.saveImage(of: loaded.namespace, answers: loaded.answers, complain)
        try loaded.log.startSegment(complain)
        lastCheckpoint = now.monotonicNanoseconds
        effects.log(.info, "wrote an image up to transaction \(loaded.log.lastTransaction)")
        return loaded.log.lastTransaction
    }
}
