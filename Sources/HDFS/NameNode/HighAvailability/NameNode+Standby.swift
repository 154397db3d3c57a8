import HoneyCore
import HoneyWorld

/// Being one of several NameNodes over a shared directory.
extension NameNode {
    /// What a NameNode is to its clients.
    enum Role {
        case active
        /// It follows the log; nil before there is one.
        case standby(LogTail?)
    }

    package var isActive: Bool { if case .active = role { true } else { false } }

    /// Begins to follow the shared directory's log.
    func startStandby() {
        role = .standby(nil)
        do { try readShared() } catch {
            complainOfTail("shared directory cannot be read yet: \(error)")
        }
    }

    /// Reads everything anew: the newest image and the log after it, as far as it is durable.
    private func readShared() throws {
        guard let shared else { return }
        let directory = StorageDirectory(shared)
        var loader = try NamespaceLoader(directory)
        guard loader.listing.isFormatted, let version = try directory.readVersion() else { return }
        let namespace = makeNamespace(version)
        namespace.blocks.becomeStandby()
        var answers = RetryCache(lifetime: configuration.retryLifetime)
        let image = try loader.loadImage(into: namespace, answers: &answers, complain)
        let tail = LogTail(directory, nextTransaction: image + 1)
        let log = EditLog([], version: version, nextTransaction: image + 1, lastImage: image)
        loaded = Loaded(namespace: namespace, log: log, answers: answers)
        role = .standby(tail)
        lastCheckpoint = now.monotonicNanoseconds
        try follow(tail)
        namespace.blocks.safeMode.start()
        namespace.blocks.tick(now)
        effects.log(
            .info,
            "standby: read \(namespace.inodeCount) files and directories up to transaction \(log.lastTransaction)")
    }

    private func follow(_ tail: LogTail, toEnd: Bool = false) throws {
        guard let loaded else { return }
        defer { loaded.log.follow(tail.nextTransaction) }
        var answers = loaded.answers
        defer { self.loaded?.answers = answers }
        try tail.readOn(toEnd: toEnd) { transaction in
            try loaded.namespace.replay(transaction, answers: &answers)
        }
        loaded.log.noteImage(try tail.directory.list().images.last ?? 0)
    }

    /// Does what is due on a standby: reads on, and writes images for the active one.
    func tickStandby(_ tail: LogTail?) {
        loaded?.blocks.tick(now)
        guard now.monotonicNanoseconds - lastTail >= configuration.tailPeriod else { return }
        lastTail = now.monotonicNanoseconds
        do {
            guard let tail else { return try readShared() }
            do { try follow(tail) } catch is LogTail.Gap {
                effects.log(.info, "standby was away for too long and reads the newest image")
                try readShared()
            }
            tailComplaint = nil
            try makeCheckpointForOthers()
        } catch {
            complainOfTail("standby cannot read on: \(error)")
        }
    }

    private func complainOfTail(_ complaint: String) {
        guard tailComplaint != complaint else { return }
        tailComplaint = complaint
        effects.log(.warning, complaint)
    }

    // MARK: Changing roles

    /// Takes the log over: nobody else can write it after this.
    func becomeActive() throws {
        guard case .standby(let tail) = role, let shared else { return }
        let directory = StorageDirectory(shared)
        let epoch = try directory.raiseEpoch()
        if let tail, loaded != nil {
            do { try follow(tail, toEnd: true) } catch is LogTail.Gap { try readShared() }
        } else {
            try readShared()
        }
        guard case .standby(let tail?) = role, loaded != nil else { return try startFirst(directory, epoch) }
        try follow(tail, toEnd: true)
        var loader = try NamespaceLoader(directory)
        try loader.finish(keeps: true)
        // Its writer may have written on until now, of which nobody was told.
        try follow(tail, toEnd: true)
        // Not before all is read, or answers to calls that come again would be missing.
        guard let loaded else { return }
        let next = tail.nextTransaction
        guard try NamespaceLoader(directory).lastNamedTransaction < next else {
            throw HoneyError.damaged("log has more than could be read", path: directory.place("current"))
        }
        let own = try takeOwnDirectories(loaded.log.version)
        let log = EditLog(
            own + [directory], version: loaded.log.version, nextTransaction: next, lastImage: loaded.log.lastImage)
        log.guardShared(directory, epoch: epoch)
        self.loaded = Loaded(namespace: loaded.namespace, log: log, answers: loaded.answers)
        // What this NameNode's own directories have is from before.
        if !own.isEmpty { try log.saveImage(of: loaded.namespace, answers: loaded.answers, complain) }
        try log.startSegment(complain)
        serve()
        effects.log(.info, "became active at transaction \(log.lastTransaction), epoch \(epoch)")
    }

    /// Makes the first name space of a shared directory: this NameNode's own one, or a new one.
    private func startFirst(_ directory: StorageDirectory, _ epoch: Int) throws {
        try start(also: [directory.disk])
        let log = loaded!.log
        guard let written = log.directories.first(where: { $0.disk === directory.disk }) else {
            throw HoneyError(.environment, "NO_STORAGE", "shared directory cannot be written: \(directory.disk.name)")
        }
        log.guardShared(written, epoch: epoch)
        role = .active
        effects.log(.info, "became active with the first name space of the shared directory, epoch \(epoch)")
    }

    private func serve() {
        role = .active
        link.forEach { $0.close(effects) }
        isSendingImage = false
        lastCheckpoint = now.monotonicNanoseconds
        activeSince = now.monotonicNanoseconds
        lastBlockIDAtStart = loaded!.namespace.lastBlockID
        loaded!.namespace.leases.renewAll()
        loaded!.blocks.becomeActive()
    }

    /// Empties this NameNode's own directories of segments that nobody finished; those of another name space are an error.
    private func takeOwnDirectories(_ version: StorageVersion) throws -> [StorageDirectory] {
        try disks.map { disk in
            let directory = StorageDirectory(disk)
            if let own = try directory.readVersion() {
                guard own.namespaceID == version.namespaceID else {
                    throw HoneyError.damaged(
                        "storage directory belongs to another name space", path: directory.place("current/VERSION"))
                }
            } else {
                try directory.format(version)
            }
            var loader = try NamespaceLoader(directory)
            try loader.finish(keeps: false)
            return directory
        }
    }

    /// Ends the segment and gives no orders any more; what was answered is in the log for whoever takes over.
    func becomeStandby() throws {
        guard isActive, let loaded, let shared else { return }
        try commit(answering: nil)
        try loaded.log.finishSegment(complain)
        let next = loaded.log.nextTransaction
        waiting.release(upTo: loaded.log.durable, effects)
        upload = nil
        role = .standby(LogTail(StorageDirectory(shared), nextTransaction: next))
        self.loaded = Loaded(
            namespace: loaded.namespace,
            log: EditLog(
                [], version: loaded.log.version, nextTransaction: next, lastImage: loaded.log.lastImage),
            answers: loaded.answers)
        loaded.blocks.becomeStandby()
        lastTail = now.monotonicNanoseconds
        lastCheckpoint = now.monotonicNanoseconds
        effects.log(.info, "became standby at transaction \(next - 1)")
    }

    // MARK: Checkpoints

    /// Writes an image when one is due and sends it to whichever of the other NameNodes is active.
    private func makeCheckpointForOthers() throws {
        guard let loaded, let disk = disks.first, !link.isEmpty, !isSendingImage else { return }
        let since = loaded.log.lastTransaction - loaded.log.lastImage
        let isDue = now.monotonicNanoseconds - lastCheckpoint >= configuration.checkpointPeriod
        guard since > 0, isDue || since >= configuration.checkpointTransactions else { return }
        let directory = StorageDirectory(disk)
        let transaction = loaded.log.lastTransaction
        if try directory.readVersion() == nil { try directory.format(loaded.log.version) }
        let draft = StorageDirectory.checkpoint(transaction)
        let file = try directory.disk.open(draft, .create)
        try Image.write(
            loaded.namespace, answers: loaded.answers, namespaceID: loaded.log.version.namespaceID,
            transaction: transaction
        ) { piece in try file.write(piece, at: file.size) }
        try file.synchronize()
        try directory.adoptImage(transaction)
        lastCheckpoint = now.monotonicNanoseconds
        isSendingImage = true
        send(file, transaction, loaded.log.version, to: link[...])
    }

    private func send(
        _ file: any DiskFile, _ transaction: Int, _ version: StorageVersion, to peers: ArraySlice<NameNodePeer>
    ) {
        guard let peer = peers.first else {
            isSendingImage = false
            effects.log(.warning, "no active NameNode took the image up to transaction \(transaction)")
            return
        }
        ImageSender(file, transaction: transaction, version: version, over: peer).send(effects) { [self] failure in
            guard failure != nil else {
                isSendingImage = false
                effects.log(.info, "sent an image up to transaction \(transaction) to \(peer.address)")
                return
            }
            send(file, transaction, version, to: peers.dropFirst())
        }
    }
}
