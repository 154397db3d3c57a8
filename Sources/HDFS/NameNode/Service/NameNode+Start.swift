import HoneyCore
import HoneyWorld

/// Reading the directories, and what is due from time to time.
extension NameNode {
    /// What one directory knows, before any is chosen.
    private struct Candidate {
        var directory: StorageDirectory
        var version: StorageVersion?
        var loader: NamespaceLoader
        var next: Int
    }

    func start() throws {
        let candidates = try survey()
        guard let best = candidates.filter({ $0.loader.listing.isFormatted }).max(by: { $0.next < $1.next }) else {
            return try startEmpty(candidates)
        }
        guard let version = best.version else {
            throw HoneyError.damaged("storage directory has no VERSION", path: best.directory.place("current"))
        }
        for candidate in candidates {
            guard let other = candidate.version, other.namespaceID != version.namespaceID else { continue }
            throw HoneyError.damaged(
                "storage directory belongs to another name space", path: candidate.directory.place("current/VERSION"))
        }
        let namespace = makeNamespace(version)
        var answers = RetryCache(lifetime: configuration.retryLifetime)
        let outcome = try best.loader.load(into: namespace, answers: &answers)
        var lags = false
        for candidate in candidates {
            if candidate.version == nil { try candidate.directory.format(version) }
            let keeps = candidate.next == best.next && candidate.loader.listing.isFormatted
            try candidate.loader.finish(keeps: keeps, next: outcome.nextTransaction)
            lags = lags || !keeps
        }
        let log = EditLog(
            candidates.map(\.directory), version: version, nextTransaction: outcome.nextTransaction,
            lastImage: outcome.image)
        loaded = Loaded(namespace: namespace, log: log, answers: answers)
        if lags || log.lastTransaction - outcome.image >= configuration.checkpointTransactions {
            try log.saveImage(of: namespace, answers: answers) { effects.log(.error, $0) }
        }
        try begin(log)
        effects.log(
            .info, "read \(namespace.inodeCount) files and directories up to transaction \(log.lastTransaction)")
    }

    private func survey() throws -> [Candidate] {
        var candidates: [Candidate] = []
        var failure: (any Error)?
        for disk in disks {
            let directory = StorageDirectory(disk)
            do {
                let loader = try NamespaceLoader(directory)
                let next = loader.listing.isFormatted ? try loader.nextTransaction() : 0
                candidates.append(
                    Candidate(directory: directory, version: try directory.readVersion(), loader: loader, next: next))
            } catch {
                failure = error
                effects.log(.error, "storage directory \(disk.name) is dropped: \(error)")
            }
        }
        if let failure, !candidates.contains(where: { $0.loader.listing.isFormatted }) { throw failure }
        guard !candidates.isEmpty else {
            throw HoneyError(.environment, "NO_STORAGE", "a NameNode needs a storage directory")
        }
        return candidates
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
        try log.saveImage(of: namespace, answers: answers) { effects.log(.error, $0) }
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
        try log.startSegment { effects.log(.error, $0) }
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
        let complain: (String) -> Void = { self.effects.log(.error, $0) }
        try loaded.log.finishSegment(complain)
        try loaded.log.saveImage(of: loaded.namespace, answers: loaded.answers, complain)
        try loaded.log.startSegment(complain)
        lastCheckpoint = now.monotonicNanoseconds
        effects.log(.info, "wrote an image up to transaction \(loaded.log.lastTransaction)")
        return loaded.log.lastTransaction
    }
}

extension NamespaceLoader {
    /// Ends the segments that were being written: whole records stay when this directory has all there is, else
    /// they go, since an image follows.
    func finish(keeps: Bool, next: Int) throws {
        for first in listing.inProgress {
            let path = StorageDirectory.inProgress(first)
            guard keeps, next > first else {
                try directory.disk.remove(path)
                continue
            }
            let file = try directory.disk.open(path, .update)
            let reader = SegmentReader(file: file, path: directory.place(path), mayBeTorn: true)
            let (end, bytes) = try reader.forEach(first: first) { _ in }
            guard end > first else {
                try directory.disk.remove(path)
                continue
            }
            try file.truncate(to: bytes)
            try file.synchronize()
            try directory.disk.rename(path, to: StorageDirectory.finished(first, end - 1))
        }
        for name in listing.checkpoints { try directory.disk.remove(StorageDirectory.folder + "/" + name) }
        if try directory.disk.entry(StorageDirectory.folder) != nil {
            try directory.disk.synchronize(StorageDirectory.folder)
        }
    }
}
