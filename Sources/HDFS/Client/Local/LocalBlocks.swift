import Synchronization

/// The blocks of this host that are open, and what was verified of all that ever were.
final class LocalBlocks: Sendable {
    private struct State {
        var open: [BlockPlace.Key: (block: LocalBlock, use: Int)] = [:]
        var verified: [BlockPlace.Key: VerifiedParts] = [:]
        var uses = 0
    }

    private let state = Mutex(State())
    private static let openLimit = 256
    private static let verifiedLimit = 1 << 14

    /// Directories of DataNodes whose files are found without asking them.
    private let directories: [String]

    init(directories: [String] = []) { self.directories = directories }

    /// Gives a block that is open, or that can be opened without asking where its files are.
    func block(_ key: BlockPlace.Key) -> LocalBlock? {
        let known = state.withLock { state -> LocalBlock? in
            guard let found = state.open[key] else { return nil }
            state.uses += 1
            state.open[key] = (found.block, state.uses)
            return found.block
        }
        if let known { return known }
        guard !key.pool.utf8.contains(UInt8(ascii: "/")) else { return nil }
        for directory in directories {
            if let block = open(key, LocalPaths(of: key, below: directory)) { return block }
        }
        return nil
    }

    /// Opens a block; nil when its files are not what they should be.
    func open(_ key: BlockPlace.Key, _ paths: LocalPaths) -> LocalBlock? {
        let verified = state.withLock { state in
            if state.verified.count >= Self.verifiedLimit { state.verified.removeAll() }
            let parts = state.verified[key] ?? VerifiedParts(size: key.size)
            state.verified[key] = parts
            return parts
        }
        guard let block = LocalBlock(paths, size: key.size, verified: verified) else { return nil }
        state.withLock { state in
            if state.open.count >= Self.openLimit, let oldest = state.open.min(by: { $0.value.use < $1.value.use }) {
                state.open[oldest.key] = nil
            }
            state.uses += 1
            state.open[key] = (block, state.uses)
        }
        return block
    }

    /// Forgets a block whose bytes were not right.
    func forget(_ key: BlockPlace.Key) {
        state.withLock { state in
            state.open[key] = nil
            state.verified[key] = nil
        }
    }
}
